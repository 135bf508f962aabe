"""What is believed: a document that is signed, fresh, whole, newest and this kiosk's alone."""

import json
from datetime import timedelta

import pytest

from kiosk.configuration.verified import Proven, UnverifiedError, Verifier
from kiosk.link import Unknown, Unreachable
from tests.kiosk.configuration.conftest import DATA
from tests.kiosk.configuration.repository import DAY, Repository


def unsigned(data):
    raw = json.loads(data)
    return json.dumps(raw | {"signatures": []}).encode()


@pytest.fixture
def served(repository):
    repository.put(DATA)
    return repository


def refused(verifier):
    with pytest.raises(UnverifiedError) as caught:
        verifier.document()
    return caught.value.reason


def test_a_good_one_is_believed(served, verifier):
    assert verifier().document() == Proven(13, DATA)


def test_again_after_a_restart_and_a_newer_one(served, verifier):
    assert verifier().document() == Proven(13, DATA)
    assert verifier().document() == Proven(13, DATA)
    served.put(b"another")
    assert verifier().document() == Proven(13, b"another")


def test_where_nothing_was_ever_desired_there_is_none(verifier):
    assert verifier().document() is None


@pytest.mark.parametrize("name", ["timestamp", "snapshot", "targets"])
def test_unsigned(served, verifier, name):
    served.altered(f"metadata/{name}.json", unsigned)
    assert refused(verifier()) == "unsigned"


@pytest.mark.parametrize("role", ["targets", "online"])
def test_signed_by_a_wrong_key(served, verifier, role):
    served.sign(**{role: Repository().keys[role]})
    assert refused(verifier()) == "wrong_key"


def test_all_of_another_fleet(served, verifier, server):
    server.repository = Repository()
    server.repository.put(DATA)
    assert refused(verifier()) == "wrong_key"


def test_a_root_that_one_of_three_signed(served, verifier):
    served.rotate(served.roots[2])
    assert refused(verifier()) == "wrong_key"


def test_a_root_that_two_of_three_signed_is_followed(served, verifier):
    assert verifier().document() == Proven(13, DATA)
    served.rotate(*served.roots[1:])
    assert verifier().document() == Proven(13, DATA)


def test_older_than_what_was_believed_before(served, verifier):
    old = dict(served.files)
    served.put(b"newer")
    assert verifier().document() == Proven(13, b"newer")
    served.files = old
    assert refused(verifier()) == "older"


def test_expired(served, verifier):
    served.sign(life=-timedelta(hours=1))
    assert refused(verifier()) == "expired"


@pytest.mark.parametrize("off", [timedelta(days=4000), timedelta(days=30)])
def test_a_clock_years_ahead_believes_nothing_new_until_it_is_right(served, verifier, clock, off):
    right, clock.time = clock.time, clock.time + off
    assert refused(verifier()) == "expired"
    clock.time = right
    assert verifier().document() == Proven(13, DATA)


def test_a_clock_years_behind_believes_what_is_signed(served, verifier, clock):
    clock.time -= timedelta(days=4000)
    assert verifier().document() == Proven(13, DATA)
    clock.time += timedelta(days=4000)
    assert verifier().document() == Proven(13, DATA)


def test_another_kiosks(served, verifier):
    served.sign(path="kiosk/0018.json")
    assert refused(verifier()) == "other_kiosk"


def test_another_kiosks_genuine_metadata_leave_nothing_behind(served, verifier, tmp_path):
    """Else a newer version of theirs makes this kiosk's own look older, for ever."""
    assert verifier().document() == Proven(13, DATA)
    own = dict(served.files)
    before = {path.name: path.read_bytes() for path in (tmp_path / "metadata/0017").glob("*.json")}
    for _ in range(3):
        served.sign(path="kiosk/0018.json")
    assert refused(verifier()) == "other_kiosk"
    after = {path.name: path.read_bytes() for path in (tmp_path / "metadata/0017").glob("*.json")}
    assert after == before
    served.files = own
    assert verifier().document() == Proven(13, DATA)


def test_a_machine_that_becomes_another_kiosk_believes_anew(
    served, verifier, line, clock, tmp_path
):
    for _ in range(3):
        served.sign()
    assert verifier().document() == Proven(13, DATA)
    served.sign(path="kiosk/0018.json", version=1)
    other = Verifier(tmp_path / "root.json", tmp_path / "metadata", "0018", line, clock.now)
    assert other.document() == Proven(13, DATA)


@pytest.mark.parametrize("left", ["0017.old", "0017.new"])
def test_a_kill_while_the_copy_took_its_place_forgets_nothing(served, verifier, tmp_path, left):
    assert verifier().document() == Proven(13, DATA)
    old = dict(served.files)
    served.put(b"newer")
    assert verifier().document() == Proven(13, b"newer")
    folder = tmp_path / "metadata"
    if left == "0017.old":
        (folder / "0017").rename(folder / left)
    else:
        (folder / left).mkdir()
        (folder / left / "timestamp.json").write_bytes(b"half")
    served.files = old
    assert refused(verifier()) == "older"
    assert [path.name for path in folder.iterdir() if path.suffix == ".old"] == []


def test_cut(served, verifier, repository):
    served.altered(f"targets/{repository.path}", lambda data: data[:-5])
    assert refused(verifier()) == "cut"


def test_altered(served, verifier, repository):
    served.altered(f"targets/{repository.path}", lambda data: data.replace(b"13", b"14"))
    assert refused(verifier()) == "altered"


def test_longer_than_its_metadata_say(served, verifier, repository):
    served.altered(f"targets/{repository.path}", lambda data: data + b" ")
    assert refused(verifier()) == "altered"


def test_larger_than_any_document(verifier, repository):
    repository.put(b" " * (1024 * 1024 + 1))
    assert refused(verifier()) == "too_large"


@pytest.mark.parametrize("name", ["timestamp", "snapshot", "targets"])
@pytest.mark.parametrize("rot", [b"", b"<html>", b"\x00\xff", b"{}", b"[" * 5000])
def test_metadata_that_are_none(served, verifier, name, rot):
    served.altered(f"metadata/{name}.json", lambda _data: rot)
    assert refused(verifier()) == "unreadable"


def test_metadata_cut_on_the_way_are_asked_for_again(served, verifier, server):
    server.cut["metadata/snapshot.json"] = 40
    with pytest.raises(Unknown):
        verifier().document()
    server.cut.clear()
    assert verifier().document() == Proven(13, DATA)


def test_a_centre_that_is_away_proves_nothing_wrong(served, verifier, server):
    server.broken.add("metadata/timestamp.json")
    with pytest.raises(Unknown):
        verifier().document()
    server.broken.clear()
    assert verifier().document() == Proven(13, DATA)
    server.close()
    with pytest.raises((Unreachable, Unknown)):
        verifier().document()


def test_it_is_known_when_what_was_believed_expires(served, verifier, clock):
    found = verifier()
    assert found.expires() is None
    found.document()
    assert found.expires() == clock.time + DAY


def test_a_kiosk_killed_while_it_wrote_metadata_begins_anew(served, verifier, tmp_path):
    assert verifier().document() == Proven(13, DATA)
    for path in (tmp_path / "metadata" / "0017").glob("*.json"):
        path.write_bytes(path.read_bytes()[:20])
    (tmp_path / "metadata" / "0017.new").mkdir()
    (tmp_path / "metadata" / "0017.new" / "tmpab12").write_bytes(b"half")
    assert verifier().document() == Proven(13, DATA)
    assert [path.name for path in (tmp_path / "metadata").iterdir()] == ["0017"]


def test_a_root_that_is_none(verifier, tmp_path):
    (tmp_path / "root.json").write_bytes(b"{}")
    with pytest.raises(UnverifiedError):
        verifier()


def test_metadata_that_name_no_revision(served, verifier):
    served.revision = "13"
    served.sign()
    assert refused(verifier()) == "inconsistent"
