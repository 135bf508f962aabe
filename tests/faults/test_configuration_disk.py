"""A configuration from afar on a disk that is full, or takes nothing."""

import subprocess
from contextlib import suppress

import pytest

from kiosk.configuration.trial import CATCH_UP_S
from tests.faults.fleet import OTHER_TITLE, PROBATION_S


@pytest.fixture
def small_disk(tmp_path):
    """The configurations lie on a disk of their own, of 96 KB; gives what fills it."""
    folder = tmp_path / "kiosk" / "configuration"
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", folder], check=True)
    yield folder / "full"
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_on_a_full_disk_the_last_good_one_serves_and_the_next_is_taken_when_there_is_room(
    small_disk, fleet
):
    citizen = fleet.start()
    fleet.commits(12)
    fill(small_disk)
    fleet.put(13)
    fleet.reported("failed", 13, reason="disk", serving=12)
    citizen.served("zhang_san")
    assert fleet.title == f"{OTHER_TITLE} 12"
    small_disk.unlink()
    fleet.commits(13)
    assert fleet.title == f"{OTHER_TITLE} 13"


def test_a_disk_that_is_full_when_it_is_tried(small_disk, fleet):
    citizen = fleet.start()
    fleet.commits(12)
    citizen.begin("zhang_san", to="phone")
    fleet.put(13)
    fleet.reported("staged", 13)
    fill(small_disk)
    citizen.to("done")
    citizen.voucher()
    citizen.go_home()
    fleet.reported("failed", 13, step="applied", reason="disk", serving=12)
    assert fleet.title == f"{OTHER_TITLE} 12"
    small_disk.unlink()
    fleet.commits(13)


def test_a_disk_that_is_full_when_it_has_proven_itself(small_disk, fleet):
    citizen = fleet.start()
    fleet.commits(12)
    fleet.put(13)
    fleet.reported("probation", 13)
    fill(small_disk)
    citizen.silence(PROBATION_S + 1)
    fleet.reported("failed", 13, step="committed", reason="disk", serving=12)
    fleet.until(lambda: fleet.title == f"{OTHER_TITLE} 12")
    small_disk.unlink()
    fleet.commits(13)


def test_taken_back_for_a_full_disk_it_is_not_bad_after_a_restart(fleet):
    citizen = fleet.start()
    fleet.commits(12)
    fleet.put(13)
    fleet.reported("probation", 13)
    in_the_way = citizen.kiosk.settings.data_dir / "configuration" / "state.json.new"
    in_the_way.mkdir()
    citizen.silence(PROBATION_S + 1)
    fleet.reported("failed", 13, step="committed", reason="disk", serving=12)
    fleet.until(lambda: citizen.kiosk.afar.store.behind)
    fleet.stop()
    fleet.server.broken.add("desired")
    fleet.start()
    fleet.reported("failed", 13, step="committed", reason="disk", serving=12)
    in_the_way.rmdir()
    fleet.server.broken.clear()
    fleet.reported("probation", 13)
    fleet.citizen.silence(PROBATION_S + 1)
    fleet.reported("committed", 13, serving=13, step="")


def test_what_the_disk_did_not_take_down_is_written_when_there_is_room(fleet):
    citizen = fleet.start()
    fleet.commits(12)
    fleet.put(13)
    fleet.reported("probation", 13)
    store = citizen.kiosk.afar.store
    in_the_way = citizen.kiosk.settings.data_dir / "configuration" / "state.json.new"
    in_the_way.mkdir()
    citizen.fault("id_reader", "unplug")
    citizen.silence(PROBATION_S + 1)
    fleet.until(lambda: store.behind)
    in_the_way.rmdir()
    citizen.fault("id_reader")
    citizen.silence(CATCH_UP_S + 1)
    fleet.until(lambda: not store.behind)
    fleet.stop()
    fleet.start()
    fleet.reported("failed", 13, step="probation", reason="devices id_reader", serving=12)


def fill(path):
    """Write until nothing more goes on the disk."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(512)):
            pass
