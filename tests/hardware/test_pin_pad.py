"""The encrypting pad over a real pty: entries, what cannot be trusted, and coming back."""

import contextlib
import queue
import tempfile
import threading
from pathlib import Path

import pytest

from hardware.device import Media, State, state_of
from hardware.fault import Cure, DeviceFault
from hardware.pin_pad import commands
from hardware.pin_pad.commands import KEY_MAP
from hardware.pin_pad.driver import EncryptingPad
from hardware.pin_pad.entry import (
    Block,
    Digits,
    Entry,
    EntryCancelled,
    EntryTimedOut,
    Want,
)
from hardware.pin_pad.frames import build
from hardware.pin_pad.keys import Key
from hardware.pin_pad.pad import STATUS_DATA
from hardware.pin_pad.pin_block import decipher
from hardware.pin_pad.simulator import DEMO_KEYS, PinPadSimulator
from hardware.serial_port import PortGone
from hardware.wire.faults import parse
from hardware.worker import Worker

NEVER = threading.Event()
ACCOUNT = "000123456789"
FOR_CHIP = Entry(Want.DIGITS)
FOR_CENTRE = Entry(Want.BLOCK, account=ACCOUNT)
BOTH = pytest.mark.parametrize("entry", [FOR_CHIP, FOR_CENTRE], ids=["digits", "block"])
LINK = "pin_pad"


@pytest.fixture
def simulator(tmp_path):
    with PinPadSimulator(tmp_path / LINK) as simulator:
        yield simulator


@pytest.fixture
def pad(tmp_path):
    pad = EncryptingPad(str(tmp_path / LINK), terminal_key="0017-20")
    yield pad
    pad.close()


class Hand:
    """Presses keys when the entry begins; remembers how many digits were told."""

    def __init__(self, simulator, *keys):
        self.simulator, self.keys, self.told = simulator, keys, []

    def __call__(self, digits):
        self.told.append(digits)
        if len(self.told) == 1:
            self.simulator.press(*self.keys)


def entered(pad, simulator, *keys, entry=FOR_CHIP, timeout_s=10.0):
    return pad.enter(NEVER, timeout_s, entry, Hand(simulator, *keys))


def pin_of(outcome):
    """Give the digits, from the block too."""
    if isinstance(outcome, Block):
        block = outcome.pin_block
        assert (block.account, block.terminal_key, block.wrapped_key) == (ACCOUNT, "0017-20", b"")
        return decipher(block.block, ACCOUNT, DEMO_KEYS[0x20]).data.decode()
    assert isinstance(outcome, Digits)
    return outcome.secret.data.decode()


def fault_of(action):
    with pytest.raises(DeviceFault) as caught:
        action()
    fault = caught.value
    assert str(fault) == f"pin_pad: {fault.detail} (cure: {fault.cure})"  # nothing personal
    assert fault.__cause__ is None or isinstance(fault.__cause__, PortGone)
    return fault.detail, fault.cure


@BOTH
def test_a_pin_is_entered_and_the_keypad_is_off_again(pad, simulator, entry):
    assert pin_of(entered(pad, simulator, "739105", "enter", entry=entry)) == "739105"
    assert not simulator.on
    assert pin_of(entered(pad, simulator, "246801", "enter", entry=entry)) == "246801"


@BOTH
def test_the_number_of_digits_is_told(pad, simulator, entry):
    hand = Hand(simulator, "12", "backspace", "34567", "9", "enter")
    assert pin_of(pad.enter(NEVER, 10.0, entry, hand)) == "134567"
    assert hand.told == [0, 1, 2, 1, 2, 3, 4, 5, 6]


@BOTH
def test_too_short_is_not_taken(pad, simulator, entry):
    assert pin_of(entered(pad, simulator, "12345", "enter", "6", "enter", entry=entry)) == "123456"


@BOTH
def test_cancel_of_the_person_and_of_the_worker(pad, simulator, entry):
    assert entered(pad, simulator, "123", "cancel", entry=entry) == EntryCancelled()
    assert not simulator.on
    worker, answers = Worker("pin_pad"), queue.SimpleQueue()
    begun = threading.Event()
    cancel = worker.submit(
        lambda cancel: pad.enter(cancel, 60, entry, lambda _: begun.set()), answers.put
    )
    assert begun.wait(10)
    assert simulator.on
    cancel.set()
    assert answers.get(timeout=10) == EntryCancelled()
    assert worker.stop()
    assert not simulator.on


@BOTH
def test_silence_of_the_person_ends_the_entry(pad, simulator, entry):
    assert entered(pad, simulator, "123456", entry=entry, timeout_s=0.4) == EntryTimedOut()
    assert not simulator.on


def test_the_time_of_the_pad_itself_ends_the_entry_too(pad, simulator):
    overtime = build(bytes([commands.OVERTIME]))
    outcome = pad.enter(NEVER, 10.0, FOR_CENTRE, lambda _: simulator.say(overtime))
    assert outcome == EntryTimedOut()


@BOTH
def test_a_heard_that_raises_leaves_the_keypad_off(pad, simulator, entry):
    with pytest.raises(ZeroDivisionError):
        pad.enter(NEVER, 10.0, entry, lambda _: 1 / 0)
    assert not simulator.on


@BOTH
def test_a_key_that_is_broken_is_told(pad, simulator, entry):
    def enter():
        pad.enter(NEVER, 10.0, entry, lambda _: simulator.press_broken_key())

    assert fault_of(enter) == ("hardware_error", Cure.ATTENDANT)
    assert not simulator.on


@pytest.mark.parametrize("entry", [FOR_CHIP, FOR_CENTRE], ids=["digits", "block"])
@pytest.mark.parametrize(
    "noise",
    [b"\xff", b"\x13", b"\x02001\x90\x03FF", b"\x02001", b"\x02\x39\x39\x39"],
    ids=["ff", "13", "wrong_lrc", "cut", "long"],
)
def test_what_cannot_be_a_key_spoils_the_entry(pad, simulator, entry, noise):
    def enter():
        pad.enter(NEVER, 10.0, entry, lambda _: simulator.say(noise))

    assert fault_of(enter) == ("invalid_data", Cure.RETRY)
    assert pin_of(entered(pad, simulator, "123456", "enter", entry=entry)) == "123456"


@BOTH
def test_keys_that_a_pin_has_no_use_for_do_nothing(pad, simulator, entry):
    def hand(digits):
        if digits == 0:
            simulator.say(b"\x00ABCDEFGH.\x22")
            simulator.press("123456", "enter")

    assert pin_of(pad.enter(NEVER, 10.0, entry, hand)) == "123456"


def test_a_digit_in_clear_is_not_believed_when_none_can_come(pad, simulator):
    def enter():
        pad.enter(NEVER, 10.0, FOR_CENTRE, lambda _: simulator.say(b"7"))

    assert fault_of(enter) == ("invalid_data", Cure.RETRY)


def test_the_digits_of_a_late_answer_are_no_keys(pad, simulator):
    def hand(digits):
        if digits == 0:
            simulator.say(build(b"\x90"))
            simulator.press("123456", "enter")

    assert pin_of(pad.enter(NEVER, 10.0, FOR_CHIP, hand)) == "123456"


def test_another_key_map(simulator, tmp_path):
    """On some pads 23 takes a digit back, and 08 turns pages."""
    pad = EncryptingPad(
        str(tmp_path / LINK), key_map={0x0D: Key.ENTER, 0x1B: Key.CANCEL, 0x23: Key.BACKSPACE}
    )

    told = []

    def heard(digits):
        told.append(digits)
        if told == [0]:
            simulator.press("123456")
        elif told[-1] == 6 and 6 not in told[:-1]:
            simulator.say(b"\x23")
        elif told[-2:] == [6, 5]:
            simulator.press("9", "enter")

    assert pin_of(pad.enter(NEVER, 10.0, FOR_CHIP, heard)) == "123459"
    pad.close()


def test_a_longer_pin_than_the_pad_can_be_told_is_refused(pad, simulator):
    entry = Entry(Want.DIGITS, 6, 12)
    assert fault_of(lambda: entered(pad, simulator, entry=entry)) == (
        "unsupported_data",
        Cure.ATTENDANT,
    )


def test_no_key_no_block_and_nothing_ever_erases_one(pad, simulator, tmp_path):
    other = EncryptingPad(str(tmp_path / LINK), work_key=0x21)

    def enter(pad):
        return lambda: entered(pad, simulator, "123456", "enter", entry=FOR_CENTRE)

    assert fault_of(enter(other)) == ("key_not_found", Cure.ATTENDANT)
    other.close()
    pad.reset()
    pad.status()
    enter(pad)()
    assert simulator.work_keys == {0x20}
    simulator.erase_keys()
    assert fault_of(enter(pad)) == ("key_not_found", Cure.ATTENDANT)


def test_a_pin_is_good_for_one_block(pad, simulator):
    """An answer that got lost is asked for again, and the pad has no PIN any more."""
    simulator.go_wrong(parse("drop_last 3 only pin_block times 1"))
    assert fault_of(lambda: entered(pad, simulator, "123456", "enter", entry=FOR_CENTRE)) == (
        "no_pin",
        Cure.RETRY,
    )
    assert not simulator.on


@pytest.mark.parametrize(
    ("code", "state", "detail"),
    [
        (0xFF, State.FRAUD_ATTEMPT, "fraud_attempt"),
        (0xE0, State.HARDWARE_ERROR, "hardware_error"),
        (0xC7, State.HARDWARE_ERROR, "hardware_error"),
        (0xFA, State.HARDWARE_ERROR, "key_no_value"),
    ],
)
def test_a_pad_that_refuses_says_so_and_serves_again(pad, simulator, code, state, detail):
    assert pad.status().state is State.ONLINE
    simulator.refuse(code)
    status = pad.status()
    assert (status.state, status.detail, status.cure) == (state, detail, Cure.ATTENDANT)
    assert fault_of(pad.reset) == (detail, Cure.ATTENDANT)
    simulator.refuse()
    assert pad.reset() is Media.UNKNOWN
    assert pin_of(entered(pad, simulator, "123456", "enter")) == "123456"


@pytest.mark.parametrize("code", [0xDD, 0xFF, 0xE0, 0xFA])
def test_a_refusal_with_data_is_told_as_what_it_means(pad, simulator, code, monkeypatch):
    monkeypatch.setattr(simulator._pad, "_obey", lambda _: (code, STATUS_DATA))
    meaning = commands.MEANINGS[code]
    status = pad.status()
    assert (status.state, status.detail, status.cure) == (
        meaning.state,
        meaning.detail,
        meaning.cure,
    )
    assert fault_of(pad.reset) == (meaning.detail, Cure.ATTENDANT)


@pytest.mark.parametrize("data", [b"", b"0", bytes(146)], ids=len)
def test_a_status_of_any_length_is_one(pad, monkeypatch, simulator, data):
    monkeypatch.setattr("hardware.pin_pad.pad.STATUS_DATA", data)
    assert pad.status().state is State.ONLINE
    assert pin_of(entered(pad, simulator, "123456", "enter", entry=FOR_CENTRE)) == "123456"


def test_enter_after_too_few_stars_gives_no_block(pad, simulator):
    """The pad would make one: the stars of three digits got lost on the line."""

    def hand(digits):
        if digits == 0:
            for key in (1, 2, 3, 4, 5, 6, Key.ENTER):
                simulator._pad.press(key)
            simulator.say(b"***\x0d")

    assert fault_of(lambda: pad.enter(NEVER, 10.0, FOR_CENTRE, hand)) == ("no_pin", Cure.RETRY)
    assert not simulator.on
    assert pin_of(entered(pad, simulator, "123456", "enter", entry=FOR_CENTRE)) == "123456"


def test_a_pad_left_in_the_middle_of_an_entry_is_used_by_the_next_program(simulator, tmp_path):
    killed = EncryptingPad(str(tmp_path / LINK))
    with killed._keypad(commands.PIN_ENTRY):
        simulator.press("12")
        killed.close()
        fresh = EncryptingPad(str(tmp_path / LINK), terminal_key="0017-20")
        outcome = entered(fresh, simulator, "123456", "enter", entry=FOR_CENTRE)
        assert pin_of(outcome) == "123456"
        fresh.close()


def test_unplugged_in_the_middle_of_an_entry(pad, simulator):
    def enter():
        pad.enter(NEVER, 10.0, FOR_CENTRE, lambda digits: digits or simulator.unplug())

    assert fault_of(enter) == ("no_device", Cure.REPLUG)
    assert state_of(pad).state is State.NO_DEVICE
    simulator.plug()
    assert pin_of(entered(pad, simulator, "123456", "enter", entry=FOR_CENTRE)) == "123456"


def test_silence_after_the_person_confirmed_is_a_fault(pad, simulator):
    simulator.go_wrong(parse("silence only keypad_off"))
    outcome = []
    assert fault_of(lambda: outcome.append(entered(pad, simulator, "123456", "enter"))) == (
        "time_out",
        Cure.REPLUG,
    )
    assert not outcome


def test_a_port_that_another_program_holds_is_not_shared(pad, simulator, tmp_path):
    other = EncryptingPad(str(tmp_path / LINK))
    other.status()
    assert fault_of(pad.status) == ("device_not_ready", Cure.ATTENDANT)
    other.close()
    assert pad.status().state is State.ONLINE


def test_it_is_a_device_like_any_other(pad):
    assert pad.name == "pin_pad"
    assert pad.capabilities().features == {"digits", "block", "fixed"}
    assert set(KEY_MAP.values()) >= {Key.ENTER, Key.CANCEL, Key.BACKSPACE}


class PlugRig:
    """The pad on its pty, for plugging."""

    def __init__(self, folder):
        self.simulator = PinPadSimulator(folder / LINK)
        self.simulator.start()
        self.pad = EncryptingPad(str(folder / LINK))

    def unplug(self):
        self.simulator.unplug()

    def plug(self):
        self.simulator.plug()

    def work(self):
        assert self.pad.status().state is State.ONLINE


@contextlib.contextmanager
def plug_rig():
    with tempfile.TemporaryDirectory() as folder:
        rig = PlugRig(Path(folder))
        try:
            yield rig
        finally:
            rig.pad.close()
            rig.simulator.stop()


def test_thirty_replugs_leak_neither_a_thread_nor_a_file():
    with plug_rig() as rig:
        rig.work()
        before = _open_files(), threading.active_count()
        for _ in range(30):
            rig.unplug()
            with pytest.raises(DeviceFault):
                rig.work()
            rig.plug()
            rig.work()
        assert (_open_files(), threading.active_count()) == before


def _open_files():
    return len(list(Path("/proc/self/fd").iterdir()))
