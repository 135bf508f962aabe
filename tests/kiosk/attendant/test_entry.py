"""The door: who enters, what is written down, and that nobody learns which ids there are."""

import io
import json
import os
import threading

import pytest
from argon2 import extract_parameters

from hardware.pin_pad.screen_pad import Layout, ScreenPad
from kiosk.attendant import people
from kiosk.attendant.entry import Door
from kiosk.attendant.lockout import MOST_IDS
from kiosk.attendant.people import PeopleError, hashed
from kiosk.attendant.tries import FILE, TriesFile
from kiosk.crawl.answers import NOW
from kiosk.desk import Ask
from kiosk.log import Log
from kiosk.services.attendant import ENTRY, ENTRY_SERVICE, MODE, MODE_SERVICE
from kiosk.services.attendant_answers import Attendant, Locked, NotAdmitted, Role
from kiosk.services.helping import HELPED, HELPING_SERVICE, Helped
from kiosk.visit import Begin, Said, Visit

PIN, OTHER = "270836", "914275"


class Clock:
    now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="session")
def row():
    return hashed(Role.SUPERVISOR, PIN)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def out():
    return io.StringIO()


@pytest.fixture
def door(tmp_path, row, clock, out):
    path = tmp_path / "attendants.toml"
    people.write(path, {"1001": row})
    return made(str(path), tmp_path, clock, out)


def made(people_file, folder, clock, out):
    log = Log(out, lambda: NOW)
    return Door(people_file, TriesFile(folder, log, clock), ScreenPad(Layout.FIXED), log)


def asked(who="1001"):
    return Ask(Visit(ENTRY_SERVICE, {"attendant_id": who}), threading.Event(), lambda _word: None)


def tries(door, who, pin, ask=None):
    """What comes of an id and a PIN that is typed on the pad's keys."""
    typing = threading.Thread(target=_types, args=(door.pad, pin), daemon=True)
    typing.start()
    ask = ask or asked(who)
    answer = door.enter(ask)
    ask.cancel.set()
    typing.join(10)
    return answer


def _types(pad, pin):
    for _ in range(1000):
        if keypad := pad.keypad:
            for digit in pin:
                keypad.press(keypad.layout.index(int(digit)))
            keypad.enter()
            return
        threading.Event().wait(0.005)


def events(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_right_pin_begins_attendant_mode(door, out):
    assert tries(door, "1001", PIN) == Begin(
        MODE_SERVICE, {"who_attends": Attendant("1001", Role.SUPERVISOR)}
    )
    (row,) = events(out)
    assert (row["event"], row["id"], row["role"]) == ("attendant_entered", "1001", "supervisor")


def test_a_wrong_pin_and_an_unknown_id_get_the_same_answer(door):
    assert tries(door, "1001", OTHER) == tries(door, "9999", PIN) == Said(NotAdmitted())


def test_an_id_that_nobody_has_is_not_written_down(door, out):
    tries(door, "50010319", PIN)
    assert "50010319" not in out.getvalue()
    assert events(out)[0]["id"] == "unknown"


def test_no_pin_is_written_down_anywhere(door, out, tmp_path):
    tries(door, "1001", OTHER)
    tries(door, "1001", PIN)
    written = out.getvalue() + "".join(
        each.read_text() for each in tmp_path.iterdir() if each.is_file()
    )
    assert OTHER not in written
    assert PIN not in written


@pytest.mark.parametrize("who", ["1001", "9999"])
def test_the_fifth_wrong_pin_locks_and_a_restart_does_not_unlock(door, who, clock, out, tmp_path):
    for _ in range(5):
        assert tries(door, who, OTHER) == Said(NotAdmitted())
    again = made(door.people_file, tmp_path, clock, out)
    clock.now += 5
    assert again.enter(asked(who)) == Said(Locked(11))


def test_after_the_wait_the_right_pin_enters(door, clock):
    for _ in range(5):
        tries(door, "1001", OTHER)
    clock.now += 15
    assert isinstance(tries(door, "1001", PIN), Begin)


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\x00\xff{",
        b"[]",
        b'{"1001": [9, 4e9]}',
        b'{"salt": "", "tries": {}}',
        b'{"salt": "000102030405060708090a0b0c0d0e0f", "tries": {"x": [9, NaN]}}',
    ],
)
def test_a_file_of_tries_that_is_rubbish_frees_nobody_and_bars_nobody_for_ever(
    door, clock, out, tmp_path, rubbish
):
    (tmp_path / FILE).write_bytes(rubbish)
    assert door.enter(asked()) == Said(Locked(16))
    clock.now += 10
    again = made(door.people_file, tmp_path, clock, out)
    assert again.enter(asked()) == Said(Locked(6))
    clock.now += 5
    assert isinstance(tries(again, "1001", PIN), Begin)


def test_five_wrong_pins_while_the_clock_was_ahead_are_waited_for_once(door, clock, out, tmp_path):
    clock.now += 4e8
    for _ in range(5):
        tries(door, "1001", OTHER)
    clock.now -= 4e8
    again = made(door.people_file, tmp_path, clock, out)
    assert again.enter(asked()) == Said(Locked(16))
    clock.now += 10
    third = made(door.people_file, tmp_path, clock, out)
    assert third.enter(asked()) == Said(Locked(6))
    clock.now += 5
    assert isinstance(tries(third, "1001", PIN), Begin)


def test_on_a_disk_that_takes_nothing_the_right_pin_enters_and_a_wrong_one_is_not_free(
    door, out, tmp_path
):
    (tmp_path / f"{FILE}.new").mkdir()
    for _ in range(5):
        assert tries(door, "1001", OTHER) == Said(NotAdmitted())
    assert isinstance(door.enter(asked()).answer, Locked)
    assert "store_failed" in {row["event"] for row in events(out)}
    (tmp_path / f"{FILE}.new").rmdir()


def test_a_right_pin_at_once_writes_nothing(door, out, tmp_path):
    (tmp_path / f"{FILE}.new").mkdir()
    assert isinstance(tries(door, "1001", PIN), Begin)
    assert [row["event"] for row in events(out)] == ["attendant_entered"]


def test_what_no_disk_took_is_written_at_the_next_try(door, clock, out, tmp_path):
    (tmp_path / f"{FILE}.new").mkdir()
    for _ in range(5):
        tries(door, "1001", OTHER)
    (tmp_path / f"{FILE}.new").rmdir()
    assert isinstance(door.enter(asked()).answer, Locked)
    assert isinstance(made(door.people_file, tmp_path, clock, out).enter(asked()).answer, Locked)


def test_no_id_can_be_read_off_the_file_and_none_is_the_same_in_two_kiosks(
    door, clock, out, tmp_path
):
    (tmp_path / "other").mkdir()
    for each in (door, made(door.people_file, tmp_path / "other", clock, out)):
        tries(each, "50010319", PIN)
        tries(each, "1001", OTHER)
    one, two = ((folder / FILE).read_text() for folder in (tmp_path, tmp_path / "other"))
    assert "50010319" not in one
    assert "1001" not in json.loads(one)["tries"]
    assert not set(json.loads(one)["tries"]) & set(json.loads(two)["tries"])


def test_ids_that_nobody_has_push_no_attendant_out(door, clock):
    for _ in range(5):
        tries(door, "1001", OTHER)
    for number in range(MOST_IDS + 5):
        clock.now += 0.01
        door.tries.judged(f"{70000 + number}", ("1001",), fits=False)
    assert isinstance(door.enter(asked()).answer, Locked)


def test_a_file_of_people_that_is_rubbish_lets_nobody_in(door, tmp_path):
    (tmp_path / "attendants.toml").write_text("[1001]\nrole = 3\n")
    assert tries(door, "1001", PIN) == Said(NotAdmitted())


def test_without_a_file_nobody_enters(tmp_path, clock, out):
    nobody = made("", tmp_path, clock, out)
    assert tries(nobody, "1001", PIN) == Said(NotAdmitted())


def test_one_who_is_removed_is_out_at_once(door, tmp_path):
    people.write(tmp_path / "attendants.toml", {})
    assert tries(door, "1001", PIN) == Said(NotAdmitted())


@pytest.mark.parametrize("pin", ["123456", "111111", "12345", "abcdef", "1234567", "１２３４５６"])
def test_a_pin_that_is_easily_guessed_is_not_taken(pin):
    with pytest.raises(ValueError, match=r"PIN"):
        hashed(Role.ATTENDANT, pin)


@pytest.mark.parametrize(
    "text", ["[1001]\n", '[1001]\nrole = "boss"\npin = "x"\n', '[ab]\nrole = "attendant"\npin = ""']
)
def test_what_is_wrong_with_a_row_is_told_with_its_id(tmp_path, text):
    path = tmp_path / "attendants.toml"
    path.write_text(text)
    with pytest.raises(PeopleError, match=r"\[(1001|ab)\]"):
        people.read(path)


def test_the_command_adds_lists_and_removes(tmp_path, capsys, monkeypatch):
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[attendant]\npeople_file = "{tmp_path}/a.toml"\n')
    command = ["--config", str(config)]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PIN}\n"))
    assert people.main([*command, "add", "1001", "--role", "supervisor"]) == 0
    assert people.main([*command, "list"]) == 0
    assert capsys.readouterr().out == "1001 supervisor\n"
    assert (tmp_path / "a.toml").stat().st_mode & 0o777 == 0o640
    assert people.main([*command, "remove", "1001"]) == 0
    assert people.main([*command, "remove", "1001"]) == 2
    assert people.read(tmp_path / "a.toml") == {}


def test_what_root_writes_is_the_kiosks(tmp_path, row):
    """By the folder's owner, later by the file's: `sudo … attendants add` locks nobody out."""
    if os.geteuid():
        pytest.skip("only root gives files away")
    os.chown(tmp_path, 4321, 4322)
    path = tmp_path / "attendants.toml"
    people.write(path, {"1001": row})
    assert (path.stat().st_uid, path.stat().st_gid) == (4321, 4322)
    os.chown(path, 4323, 4324)
    people.write(path, {"1001": row})
    assert (path.stat().st_uid, path.stat().st_gid) == (4323, 4324)


def test_the_two_services_are_the_attendants():
    assert (ENTRY_SERVICE.name, MODE_SERVICE.name) == (ENTRY, MODE)


def test_an_id_that_nobody_has_takes_as_long_as_another():
    """The same parameters as a PIN that is made today."""
    made = extract_parameters(hashed(Role.ATTENDANT, PIN).pin)
    assert extract_parameters(people.NOBODY) == made


def test_whoever_comes_to_help_is_let_in_to_that_alone(door):
    helped = Helped("new_individual", "phone", 4)
    facts = {"attendant_id": "1001", HELPED.name: helped}
    answer = tries(
        door,
        "1001",
        PIN,
        Ask(Visit(ENTRY_SERVICE, facts), threading.Event(), lambda _word: None),
    )
    assert isinstance(answer, Begin)
    assert (answer.service, answer.facts[HELPED.name]) == (HELPING_SERVICE, helped)
