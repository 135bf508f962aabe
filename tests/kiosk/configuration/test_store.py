"""The configurations a kiosk keeps: whole after any kill, three good ones, a bad one never again."""

import signal
import subprocess
import sys

import pytest

from kiosk.configuration.store import BAD_ONES, Failure, Store

WHY = Failure("probation", "devices")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def put(store, *revisions):
    for revision in revisions:
        store.stage(revision, b"document %d" % revision)
        assert store.begin(revision)
        store.commit()


def good(store):
    """The good documents, newest first, as far as they can be read."""
    return [data for each in store.state.committed if (data := store.document(each))]


def waits(store):
    return store.document(store.state.staged)


def test_three_good_ones_are_kept(store, tmp_path):
    put(store, 1, 2, 3, 4, 5)
    again = Store(tmp_path)
    assert good(again) == [b"document 5", b"document 4", b"document 3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["3.json", "4.json", "5.json", "state.json"]
    )
    assert (again.state.serving, again.state.seen) == (5, 5)


def test_what_waits_is_there_after_a_restart(store, tmp_path):
    put(store, 1)
    store.stage(2, b"two")
    again = Store(tmp_path)
    assert (waits(again), again.state.serving, again.state.seen) == (b"two", 1, 2)
    assert again.interrupted() == 0


def test_a_newer_one_takes_the_place_of_what_waits(store, tmp_path):
    store.stage(2, b"two")
    store.stage(3, b"three")
    assert waits(Store(tmp_path)) == b"three"
    assert not (tmp_path / "2.json").exists()


def test_what_was_tried_when_the_kiosk_ended_is_bad(store, tmp_path):
    put(store, 1)
    store.stage(2, b"two")
    assert store.begin(2)
    again = Store(tmp_path)
    assert again.interrupted() == 2
    assert good(Store(tmp_path)) == [b"document 1"]
    assert Store(tmp_path).state.bad == {2: Failure("probation", "restarted")}
    assert Store(tmp_path).state.seen == 2  # so it is not fetched again


def test_put_off_it_waits_again(store, tmp_path):
    store.stage(2, b"two")
    assert store.begin(2)
    store.put_off()
    assert waits(Store(tmp_path)) == b"two"
    assert Store(tmp_path).interrupted() == 0


def test_dropped_it_may_be_fetched_again(store, tmp_path):
    put(store, 1)
    store.stage(2, b"two")
    store.drop(2)
    assert (Store(tmp_path).state.seen, Store(tmp_path).state.bad) == (1, {})


def test_the_list_of_bad_ones_does_not_grow(store):
    for revision in range(1, BAD_ONES + 10):
        store.fail(revision, WHY)
    assert len(store.state.bad) == BAD_ONES
    assert store.state.seen == BAD_ONES + 9


def test_a_file_that_rotted_is_not_used_and_the_one_before_is(store, tmp_path):
    put(store, 1, 2)
    (tmp_path / "2.json").write_bytes(b"document 3")
    assert good(Store(tmp_path)) == [b"document 1"]


@pytest.mark.parametrize("rot", [b"", b"{", b"[]", b'{"committed": 3}', b"\x00" * 40])
def test_a_state_that_rotted_is_none(store, tmp_path, rot):
    put(store, 1)
    (tmp_path / "state.json").write_bytes(rot)
    again = Store(tmp_path)
    assert (again.state.seen, good(again)) == (0, [])
    put(again, 2)
    assert good(Store(tmp_path)) == [b"document 2"]


def test_a_bad_one_stays_bad_on_a_disk_that_takes_nothing(store, tmp_path):
    store.stage(2, b"two")
    (tmp_path / "state.json.new").mkdir()
    with pytest.raises(OSError):
        store.fail(2, WHY)
    assert (store.state.staged, store.state.bad) == (0, {2: WHY})
    assert store.behind
    with pytest.raises(OSError):
        store.catch_up()
    (tmp_path / "state.json.new").rmdir()
    store.catch_up()
    assert (Store(tmp_path).state.bad, store.behind) == ({2: WHY}, False)


def test_dropped_on_a_disk_that_takes_nothing_it_is_not_bad_after_a_restart(store, tmp_path):
    put(store, 1)
    store.stage(2, b"two")
    assert store.begin(2)
    (tmp_path / "state.json.new").mkdir()
    with pytest.raises(OSError):
        store.commit()
    with pytest.raises(OSError):
        store.drop(2)
    for room in (False, True):
        again = Store(tmp_path)
        assert again.state.trying == 2
        if room:
            (tmp_path / "state.json.new").rmdir()
            assert again.interrupted() == 0
        else:
            with pytest.raises(OSError):
                again.interrupted()
        assert (again.state.trying, again.state.seen, again.state.bad) == (0, 1, {})
    assert (Store(tmp_path).state.trying, good(Store(tmp_path))) == (0, [b"document 1"])


def killed(folder, number):
    """What a store had said when it was killed before its n-th call, and whether it was."""
    command = [sys.executable, "-m", "tests.kiosk.configuration.dies_writing", folder, str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.splitlines(), done.returncode != 0


def test_killed_at_every_step_it_has_the_old_or_the_new_whole(tmp_path):
    number, dead = 0, True
    while dead:
        number += 1
        folder = tmp_path / str(number)
        put(Store(folder), 12)
        said, dead = killed(folder, number)
        store = Store(folder)
        tried = store.interrupted()
        assert good(store)[0] in (b"document 12", b"13" * 100)
        if "committed 13" in said:
            assert good(store) == [b"13" * 100, b"document 12"]
        if "failed 14" in said:
            assert store.state.bad == {14: Failure("probation", "frames")}
        elif "trying 14" in said:
            assert (tried, store.state.bad[14].reason) in [(14, "restarted"), (0, "frames")]
        elif "staged 14" in said and not tried:
            assert waits(store) == b"14" * 100
        put(store, 15)
        assert good(store)[0] == b"document 15"
        assert not list(folder.glob("*.new"))
    assert number > 25


def test_what_needs_no_trial_is_good_at_once_whatever_ends_the_kiosk(store, tmp_path):
    put(store, 1)
    store.stage(2, b"two")
    assert store.take(2)
    again = Store(tmp_path)
    assert (again.interrupted(), good(again)) == (0, [b"two", b"document 1"])
    store.stage(3, b"three")
    store.stage(4, b"four")
    assert not store.take(3)
    assert waits(Store(tmp_path)) == b"four"


def test_what_no_longer_waits_is_not_tried(store, tmp_path):
    store.stage(2, b"two")
    store.stage(3, b"three")
    assert not store.begin(2)
    assert waits(Store(tmp_path)) == b"three"
