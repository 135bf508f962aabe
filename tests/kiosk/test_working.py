"""Whose word holds of what does not work: a look lifts what a look can see, and nothing else."""

import io
from types import SimpleNamespace

import pytest

from hardware.device import State, Status
from kiosk.link import Reach
from kiosk.log import Event, Log
from kiosk.pace import local_now
from kiosk.readiness.acts import PROBE
from kiosk.services.needs import Need
from kiosk.working import LOOK_S, NO_DEVICES, Working

CAMERA = Need.DOCUMENT_CAMERA


class Beside:
    """Does at once what is to be done beside the visits."""

    def once(self, _worker, work, done):
        done(work())


@pytest.fixture
def house(tmp_path):
    """A house whose devices all say that they are well."""
    well = SimpleNamespace(status=lambda: Status(State.ONLINE))
    devices = dict.fromkeys([need for need in Need if need not in NO_DEVICES], well)
    return SimpleNamespace(
        devices=SimpleNamespace(all=lambda: devices),
        beside=Beside(),
        log=Log(io.StringIO(), local_now),
        centre=SimpleNamespace(reach=Reach()),
        settings=SimpleNamespace(data_dir=tmp_path),
    )


@pytest.fixture
def working(house):
    return Working(house, lambda: None)


def test_what_only_a_proof_sees_is_lifted_by_a_proof(working):
    working.say(CAMERA, False, "readiness", unseen=True)
    working.look(LOOK_S)
    assert working.lost == {CAMERA}
    working.say(CAMERA, True, "readiness")
    assert working.lost == set()


def test_what_a_look_sees_is_lifted_by_a_look(working):
    working.say(CAMERA, False, "readiness", unseen=True)
    working.say(CAMERA, False, "readiness")  # pulled out meanwhile
    working.look(LOOK_S)
    assert working.lost == set()


def test_a_centre_that_a_proof_missed_is_back_with_its_next_answer(house, working):
    reach = house.centre.reach
    reach.missed = 1
    working.say(Need.CENTRE, False, "readiness")
    working.look(LOOK_S)
    assert working.lost == {Need.CENTRE}
    reach.missed = 0
    working.look(LOOK_S)
    assert working.lost == set()


def test_one_request_that_is_lost_is_no_lost_centre(house, working):
    house.centre.reach.missed = 1
    working.look(LOOK_S)
    assert working.lost == set()


def test_a_disk_is_looked_at_when_something_was_not_kept_and_until_it_takes_a_case(
    house, working, tmp_path
):
    working.look(0.0)
    (tmp_path / PROBE).mkdir()
    working.look(2 * LOOK_S)
    assert working.lost == set(), "nothing went wrong, so nothing was written"
    house.log.write(Event.STORE_FAILED, error="OSError")
    working.look(2 * LOOK_S)
    assert working.lost == {Need.DISK}
    (tmp_path / PROBE).rmdir()
    working.look(4 * LOOK_S)
    assert working.lost == set()
    assert not [*tmp_path.iterdir()]


def test_a_kiosk_that_starts_with_a_full_disk_knows_it(working, tmp_path):
    (tmp_path / PROBE).symlink_to("/dev/full")
    working.look(0.0)
    assert working.lost == {Need.DISK}
