"""Which lamp hangs where, and when it is lit."""

import itertools
from pathlib import Path

import pytest

from hardware.auxiliaries.beats import ALARMS, FLASHES, TICK_S, Alarm, Flash
from hardware.auxiliaries.profile import OUTPUTS, WORDS, Inputs, Word, read_profile

SHIPPED = Path("config/profiles/auxiliaries.toml")


def _read(tmp_path, text):
    path = tmp_path / "board.toml"
    path.write_text(text, "utf-8")
    return read_profile(path)


def test_the_profile_that_is_shipped_has_a_place_for_everything():
    profile = read_profile(SHIPPED)
    assert set(profile.outputs) == OUTPUTS
    assert set(profile.inputs) == set(WORDS)
    assert (profile.coils, profile.contacts) == (8, 4)


def test_a_contact_that_rests_closed_reads_open_when_its_wire_is_cut():
    profile = read_profile(SHIPPED)
    assert profile.understand((False, False, False, False)) == Inputs(
        Word.OFF, Word.OPEN, Word.NOT_PRESENT, Word.NOT_PRESENT
    )
    assert profile.understand((True, True, True, True)) == Inputs(
        Word.ON, Word.CLOSED, Word.PRESENT, Word.PRESENT
    )


def test_what_is_not_fitted_is_not_available(tmp_path):
    profile = _read(tmp_path, "[inputs]\nproximity = { number = 2, active = false }")
    assert (profile.coils, profile.contacts) == (0, 3)
    assert profile.understand((True, True, False)) == Inputs(proximity=Word.PRESENT)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[outputs]\ndoor = 1", "unknown: door"),
        ("[lamps]\nhelp = 1", "unknown: lamps"),
        ("[outputs]\nhelp = 64", "64 is no number"),
        ("[outputs]\nhelp = true", "True is no number"),
        ("[outputs]\nhelp = 1\ncamera = 1", "same number"),
        ("[inputs]\nproximity = { number = 0 }", "active is true or false"),
        ("[inputs]\nproximity = { number = 0, active = 3 }", "active is true or false"),
        ("[inputs]\nproximity = { active = true }", "None is no number"),
        ("[inputs]\nproximity = { number = 0, active = true, debounce = 3 }", "unknown: debounce"),
        ("[inputs]\nproximity = 3", "board.toml"),
        ("outputs = 3", "board.toml"),
        ("[outputs", "board.toml"),
        ("", "nothing hangs on the board"),
    ],
)
def test_a_bad_profile_says_what_is_wrong_and_where(tmp_path, text, says):
    with pytest.raises(ValueError, match=r"^board\.toml: ") as told:
        _read(tmp_path, text)
    assert says in str(told.value)


def _changes(beat, seconds):
    states = [beat.is_on(tick * TICK_S) for tick in range(round(seconds / TICK_S))]
    return sum(now is not before for before, now in itertools.pairwise(states))


def test_no_lamp_flashes_faster_than_three_times_a_second():
    rates = {flash: _changes(beat, 20) / 2 / 20 for flash, beat in FLASHES.items()}
    assert rates[Flash.OFF] == rates[Flash.CONTINUOUS] == 0
    assert 0 < rates[Flash.SLOW] < rates[Flash.MEDIUM] < rates[Flash.QUICK] <= 3


def test_lamps_are_dark_or_lit():
    assert not FLASHES[Flash.OFF].is_on(1.0)
    assert FLASHES[Flash.CONTINUOUS].is_on(1.0)


@pytest.mark.parametrize(
    ("alarm", "beeps"),
    [(Alarm.OFF, 0), (Alarm.EXCLAMATION, 1), (Alarm.WARNING, 2), (Alarm.ERROR, 3)],
)
def test_an_alarm_beeps_so_often_and_ends(alarm, beeps):
    beat = ALARMS[alarm]
    assert (_changes(beat, 60) + beat.is_on(0)) / 2 == beeps
    assert not beat.is_on(3600)


def test_the_critical_alarm_does_not_end_by_itself():
    assert _changes(ALARMS[Alarm.CRITICAL], 600) > 1000
