"""The door: who enters, what is written down, and that nobody learns which ids there are."""

import io
import json
import threading

import pytest
from argon2 import extract_parameters

from hardware.pin_pad.screen_pad import Layout, ScreenPad
from kiosk.attendant import people
from kiosk.attendant.entry import FILE, Door
from kiosk.attendant.people import PeopleError, hashed
from kiosk.crawl.answers import NOW
from kiosk.desk import Ask
from kiosk.log import Log
from kiosk.services.attendant import ENTRY, ENTRY_SERVICE, MODE, MODE_SERVICE
from kiosk.services.attendant_answers import Attendant, Locked, NotAdmitted, Role
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
    return Door(str(path), tmp_path, ScreenPad(Layout.FIXED), Log(out, lambda: NOW), clock)


def tries(door, who, pin):
    """What comes of an id and a PIN that is typed on the pad's keys."""
    typing = threading.Thread(target=_types, args=(door.pad, pin), daemon=True)
    typing.start()
    ask = Ask(Visit(ENTRY_SERVICE, {"attendant_id": who}), threading.Event(), lambda _word: None)
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
def test_the_fifth_wrong_pin_locks_and_a_restart_does_not_unlock(door, who, clock, out):
    for _ in range(5):
        assert tries(door, who, OTHER) == Said(NotAdmitted())
    again = Door(door.people_file, door.folder, ScreenPad(), Log(out, lambda: NOW), clock)
    clock.now += 5
    ask = Ask(Visit(ENTRY_SERVICE, {"attendant_id": who}), threading.Event(), lambda _word: None)
    assert again.enter(ask) == Said(Locked(11))


def test_after_the_wait_the_right_pin_enters(door, clock):
    for _ in range(5):
        tries(door, "1001", OTHER)
    clock.now += 15
    assert isinstance(tries(door, "1001", PIN), Begin)


def test_a_file_of_tries_that_is_rubbish_frees_nobody(door):
    (door.folder / FILE).write_bytes(b"\x00\xff{")
    ask = Ask(Visit(ENTRY_SERVICE, {"attendant_id": "1001"}), threading.Event(), lambda _w: None)
    assert isinstance(door.enter(ask).answer, Locked)


def test_a_file_of_people_that_is_rubbish_lets_nobody_in(door, tmp_path):
    (tmp_path / "attendants.toml").write_text("[1001]\nrole = 3\n")
    assert tries(door, "1001", PIN) == Said(NotAdmitted())


def test_without_a_file_nobody_enters(tmp_path, clock, out):
    nobody = Door("", tmp_path, ScreenPad(Layout.FIXED), Log(out, lambda: NOW), clock)
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


def test_the_two_services_are_the_attendants():
    assert (ENTRY_SERVICE.name, MODE_SERVICE.name) == (ENTRY, MODE)


def test_an_id_that_nobody_has_takes_as_long_as_another():
    """The same parameters as a PIN that is made today."""
    made = extract_parameters(hashed(Role.ATTENDANT, PIN).pin)
    assert extract_parameters(people.NOBODY) == made
