"""The keypad on the screen: what is typed comes out, and nothing of it stays in memory."""

import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hardware.device import Media, State
from hardware.fault import Cure, DeviceFault
from hardware.pin_pad.entry import (
    Block,
    Digits,
    Entry,
    EntryCancelled,
    EntryTimedOut,
    Want,
)
from hardware.pin_pad.pin_block import CentreKey, decipher
from hardware.pin_pad.screen_pad import Layout, ScreenPad
from hardware.worker import Worker

NEVER = threading.Event()
ACCOUNT = "000123456789"
FOR_CHIP = Entry(Want.DIGITS)
FOR_CENTRE = Entry(Want.BLOCK, account=ACCOUNT)
CHILD = Path(__file__).parent / "pin_pad_child.py"


class Person:
    """Presses keys as soon as the keypad is shown; remembers how many digits were told."""

    def __init__(self, pad, *keys):
        self.pad, self.keys, self.told = pad, keys, []

    def __call__(self, digits):
        if not self.told:
            for key in self.keys:
                self._press(key)
        self.told.append(digits)

    def _press(self, key):
        keypad = self.pad.keypad
        if key.isdigit():
            for digit in key:
                keypad.press(keypad.layout.index(int(digit)))
        else:
            getattr(keypad, key)()


@pytest.fixture(params=list(Layout))
def pad(request):
    return ScreenPad(request.param)


def entered(pad, *keys, entry=FOR_CHIP, timeout_s=5.0):
    return pad.enter(NEVER, timeout_s, entry, Person(pad, *keys))


def digits_of(outcome):
    assert isinstance(outcome, Digits)
    with outcome.secret as secret:
        return secret.data.decode()


def test_the_digits_that_were_pressed(pad):
    assert digits_of(entered(pad, "739105", "enter")) == "739105"
    assert pad.keypad is None


def test_the_number_of_digits_is_told_and_never_which(pad):
    person = Person(pad, "12", "backspace", "backspace", "backspace", "1234", "clear", "654321")
    with pytest.raises(ZeroDivisionError):
        pad.enter(NEVER, 5.0, FOR_CHIP, lambda digits: (person(digits), digits == 6 and 1 / 0))
    assert person.told == [0, 1, 2, 1, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6]
    assert pad.keypad is None


def test_too_short_is_not_taken_and_too_long_not_heard(pad):
    person = Person(pad, "12345", "enter", "67890", "enter")
    outcome = pad.enter(NEVER, 5.0, FOR_CHIP, person)
    assert digits_of(outcome) == "123456"
    assert max(person.told) == 6


def test_cancel_of_the_person_and_of_the_worker(pad):
    assert entered(pad, "123", "cancel") == EntryCancelled()
    worker, answers = Worker("pin_pad"), queue.SimpleQueue()
    shown = threading.Event()
    cancel = worker.submit(
        lambda cancel: pad.enter(cancel, 60, FOR_CHIP, lambda _: shown.set()), answers.put
    )
    assert shown.wait(10)
    cancel.set()
    assert answers.get(timeout=10) == EntryCancelled()
    assert worker.stop()
    assert pad.keypad is None


def test_an_entry_that_ends_late_leaves_the_keypad_of_the_next_one(pad):
    worker, answers, shown = Worker("pin_pad"), queue.SimpleQueue(), threading.Event()
    cancel = worker.submit(
        lambda cancel: pad.enter(cancel, 60, FOR_CHIP, lambda _: shown.set()), answers.put
    )
    assert shown.wait(10)
    person = Person(pad, "739105", "enter")

    def begun(digits):
        if not cancel.is_set():
            cancel.set()
            assert answers.get(timeout=10) == EntryCancelled()
        person(digits)

    assert digits_of(pad.enter(NEVER, 10.0, FOR_CHIP, begun)) == "739105"
    assert pad.keypad is None
    assert worker.stop()


def test_silence_ends_the_entry(pad):
    began = time.monotonic()
    assert entered(pad, "123456", timeout_s=0.2) == EntryTimedOut()
    assert time.monotonic() - began >= 0.2


def test_a_keypad_of_an_entry_that_is_over_does_nothing(pad):
    kept = []
    person = Person(pad, "123", "cancel")
    pad.enter(NEVER, 5.0, FOR_CHIP, lambda digits: (person(digits), kept.append(pad.keypad)))
    old = kept[0]
    second = Person(pad, "222222", "enter")

    def meddle(digits):
        for position in range(10):
            old.press(position)
        old.enter()
        second(digits)

    assert digits_of(pad.enter(NEVER, 5.0, FOR_CHIP, meddle)) == "222222"


def test_a_shuffled_layout_has_every_digit_and_changes():
    pad = ScreenPad()
    layouts = set()
    for _ in range(20):
        pad.enter(NEVER, 0.0, FOR_CHIP, lambda _: layouts.add(pad.keypad.layout))
    assert len(layouts) > 15
    assert all(sorted(layout) == list(range(10)) for layout in layouts)


def test_a_fixed_layout_is_a_telephone():
    pad = ScreenPad(Layout.FIXED)
    seen = []
    pad.enter(NEVER, 0.0, FOR_CHIP, lambda _: seen.append(pad.keypad.layout))
    assert seen == [(1, 2, 3, 4, 5, 6, 7, 8, 9, 0)]


def test_a_block_is_for_the_centre_alone():
    private = rsa.generate_private_key(65537, 2048)
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pad = ScreenPad(centre=CentreKey(pem, "k1"))
    assert "block" in pad.capabilities().features
    outcome = entered(pad, "246801", "enter", entry=FOR_CENTRE)
    assert isinstance(outcome, Block)
    sealed = outcome.pin_block
    key = private.decrypt(sealed.wrapped_key, padding.OAEP(padding.MGF1(SHA256()), SHA256(), None))
    with decipher(sealed.block, ACCOUNT, key) as pin:
        assert pin.data == b"246801"
    assert sealed.key_id == "k1"


@pytest.mark.parametrize("centre", [None, CentreKey(b"nonsense", "k1")])
def test_without_the_centres_key_nobody_types_for_nothing(centre):
    pad = ScreenPad(centre=centre)
    with pytest.raises(DeviceFault) as caught:
        pad.enter(NEVER, 5.0, FOR_CENTRE, pytest.fail)
    assert (caught.value.detail, caught.value.cure) == ("key_not_found", Cure.ATTENDANT)
    assert digits_of(entered(pad, "123456", "enter")) == "123456"


def test_it_is_a_device_like_any_other(pad):
    assert pad.name == "pin_pad"
    assert pad.status().state is State.ONLINE
    assert pad.reset() is Media.UNKNOWN
    assert pad.capabilities().kind == "screen"
    pad.close()


# What is left in memory: another process types 12 digits that are nowhere in it before, and its
# whole memory is searched. `kept` proves that the search finds them while they are there.

TYPED = "739146028573"
PACKED = bytes.fromhex(TYPED)
"""Two digits a byte, as in the field of a PIN block."""


@pytest.mark.parametrize("way", ["kept", "taken", "block", "cancel", "time_out", "exception"])
def test_nothing_of_a_pin_stays_in_memory(way):
    with subprocess.Popen(
        [sys.executable, str(CHILD), way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            for digit in TYPED:
                child.stdin.write(f"{digit}\n")
                child.stdin.flush()
                assert child.stdout.readline().strip() == "typed"
            child.stdin.write("end\n")
            child.stdin.flush()
            assert child.stdout.readline().strip() == way
            found = _occurrences(child.pid)
        finally:
            child.kill()
    assert bool(found) is (way == "kept")


def _occurrences(pid):
    """Count the PIN in every writable page of a process, as digits, packed, and most of it."""
    needles = [TYPED.encode(), PACKED, TYPED.encode()[:-1], TYPED.encode()[:6]]
    found = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, mode, *_ = line.split()
            if not mode.startswith("rw") or line.endswith("[vvar]"):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            memory.seek(start)
            page = memory.read(end - start)
            found += sum(page.count(needle) for needle in needles)
    return found
