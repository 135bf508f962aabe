"""The encrypting pad against every fault of the wire; the keypad on the screen has no wire."""

import threading

import pytest

from hardware.pin_pad.driver import EncryptingPad
from hardware.pin_pad.entry import Block, Entry, Want
from hardware.pin_pad.pin_block import decipher
from hardware.pin_pad.simulator import DEMO_KEYS, PinPadSimulator
from hardware.wire.faults import Kind
from tests.wire.rows import Row, suffers

DEVICE = "pin_pad"
SILENT = {"detail": "time_out", "cure": "replug"}
NOISY = {"detail": "invalid_data", "cure": "retry"}
GONE = {"detail": "no_device", "cure": "replug"}
ROWS = [
    Row("none"),
    Row("silence", **SILENT),
    Row("silence only pin_entry", **SILENT),
    Row("silence only pin_block", **SILENT),
    Row("silence only pin_block times 1"),
    Row("did_it", **SILENT),
    Row("did_it only pin_block times 1", detail="no_pin", cure="retry"),
    Row("delay 0.2", within_s=10.0),
    Row("delay 60", **SILENT),
    Row("drop_last", **NOISY),
    Row("drop_last only maximum times 1"),
    Row("flip_bit", **NOISY),
    Row("flip_bit 41 only pin_block times 1", detail="no_pin", cure="retry"),
    Row("garbage"),
    Row("noise"),
    Row("echo"),
    Row("twice"),
    Row("halves"),
    Row("other", **NOISY, within_s=8.0),
    Row("drip"),
    Row("half_open", **SILENT),
    Row("unplug", **GONE),
    Row("unplug only pin_block", **GONE),
    Row("power_cycle", **GONE),
    Row("power_cycle only pin_block", **GONE),
]
ACCOUNT = "000123456789"


class PinPadRig:
    """A pad on a pty, and a PIN block as the usual thing."""

    def __init__(self, simulator, pad):
        self.simulator, self.pad = simulator, pad
        self.go_wrong, self.go_right = simulator.go_wrong, simulator.go_right

    def work(self):
        outcome = self.pad.enter(
            threading.Event(), 10.0, Entry(Want.BLOCK, account=ACCOUNT), self._hand
        )
        assert isinstance(outcome, Block)
        pin = decipher(outcome.pin_block.block, ACCOUNT, DEMO_KEYS[0x20])
        assert pin.data == b"123456"
        assert not self.simulator.on

    def _hand(self, digits):
        if digits == 0:
            self.simulator.press("123456", "enter")


@pytest.fixture
def rig(tmp_path):
    with PinPadSimulator(tmp_path / DEVICE) as simulator:
        pad = EncryptingPad(str(tmp_path / DEVICE))
        yield PinPadRig(simulator, pad)
        pad.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_pin_pad_and_wire(rig, row):
    suffers(rig, row)


def test_every_kind_has_a_row():
    assert {row.fault.split()[0] for row in ROWS} == set(Kind)
