"""The motorised reader against every fault of the wire language."""

import threading

import pytest

from hardware.card_transport import driver
from hardware.card_transport.driver import MotorSlot, Profile
from hardware.card_transport.simulator import Card, CardTransportSimulator, Mechanism
from hardware.device import Media
from hardware.wire.faults import Kind, parse
from tests.wire.rows import Row, suffers

DEVICE = "card_transport"
FAST = 57600
PROFILE = Profile(ack_s=0.15, path_s=0.3, feed_s=0.3, initialise_s=0.3, chip_s=0.3)
READ = bytes.fromhex("00B2072C00")
CARD_NUMBER = bytes.fromhex("07094131323334353637389000")

ROWS = [
    Row("none", within_s=1.0),
    Row("silence", "time_out", "replug", 1.5),
    Row("silence only ack times 1", within_s=2.0),
    Row("did_it", "time_out", "replug", 1.5),
    Row("did_it only to_gate", within_s=2.5),
    Row("did_it only ack times 1", within_s=2.0),
    Row("delay 1.0", "time_out", "replug", 1.5),
    Row("delay 0.3 only to_gate", within_s=2.0),
    Row("drop_last 1", "invalid_data", "retry", 3.0),
    Row("drop_last 2 only to_contact", within_s=2.0),
    Row("flip_bit 41", "invalid_data", "retry", 3.0),
    Row("flip_bit 41 only to_gate times 1", within_s=2.0),
    Row("garbage 00ff1337", within_s=1.5),
    Row("garbage f2000400", "invalid_data", "retry", 4.0),
    Row("noise 00ff1337", within_s=1.5),
    Row("echo", within_s=1.5),
    Row("twice", within_s=1.5),
    Row("halves 0.02", within_s=3.0),
    Row("other only to_gate", within_s=2.5),
    Row("drip 0.002", within_s=3.0),
    Row("half_open", "time_out", "replug", 1.5),
    Row("unplug", "no_device", "replug", 0.5),
    Row("unplug only to_gate", "no_device", "replug", 1.5),
    Row("power_cycle", "no_device", "replug", 0.5),
    Row("power_cycle only to_contact times 1", "no_device", "replug", 1.5),
]


class NumberChip:
    """A chip that knows one record."""

    def power_on(self):
        return bytes.fromhex("3B6D00000081544343508633010203" + "0405")

    def power_off(self):
        pass

    def transmit(self, command):
        return CARD_NUMBER if command == READ else b"\x6d\x00"


class Rig:
    def __init__(self, simulator, slot):
        self._simulator, self._slot = simulator, slot
        self._hand = simulator.mechanism
        self.go_wrong = simulator.go_wrong

    def work(self):
        """A card comes in, its number is read, and it is given back and taken."""
        never = threading.Event()
        self._hand.offer(Card(NumberChip()))
        assert self._slot.accept(never, 2)
        with self._slot.session() as chip:
            assert chip.transmit(READ) == CARD_NUMBER
        assert self._slot.give_back(never, 2) is Media.NOT_PRESENT
        assert not self._hand.bin

    def go_right(self):
        """The plug is in, and no card is left over."""
        self._simulator.go_right()
        self._hand.offer(None)
        self._slot.reset()


@pytest.fixture
def rig(tmp_path, monkeypatch):
    monkeypatch.setattr(driver, "POLL_S", 0.02)
    mechanism = Mechanism(PROFILE, motion_s=0.01)
    mechanism.takes = True
    with CardTransportSimulator(tmp_path / DEVICE, FAST, mechanism) as simulator:
        slot = MotorSlot(str(simulator.link), FAST, PROFILE)
        yield Rig(simulator, slot)
        slot.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_fault_is_told_and_the_reader_is_served_again(rig, row):
    suffers(rig, row)


def test_every_kind_of_fault_has_a_row():
    assert {parse(row.fault).kind for row in ROWS} == set(Kind)
