"""The social card's slot against every fault of the wire language, over a real pcscd.

The wire is vpcd's: what goes wrong there is an answer to a C-APDU. The plug is the reader's, its
power is pcscd's, and half open is a pcscd that hangs.
"""

import contextlib
import threading
from pathlib import Path

import pytest

from hardware.bench.pcsc import Pcscd
from hardware.device import Media
from hardware.social_card import driver, resource_manager
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_B
from hardware.social_card.driver import PcscSlot
from hardware.social_card.outcomes import Holder
from hardware.social_card.profile import read_profile
from hardware.social_card.simulator import SocialCardSimulator
from hardware.social_card.virtual_card import VirtualCard
from hardware.wire.faults import Kind, parse
from tests.hardware.cards.hsm import Hsm
from tests.wire.rows import Row, suffers

DEVICE = "social_card"
APDU_S = 0.5
NEVER = threading.Event()
REFERENCE = read_profile(
    Path(__file__).parents[2] / "config/profiles/social_card.toml", "reference"
)

HANGS = (Kind.SILENCE, Kind.DID_IT, Kind.DELAY, Kind.HALF_OPEN)

ROWS = [
    Row("none"),
    Row("silence", "time_out", "replug", 2.0),
    Row("silence only external_authenticate", "time_out", "replug", 2.0),
    Row("did_it", "time_out", "replug", 2.0),
    Row("delay 0.02"),
    Row("delay 5 only read_record", "time_out", "replug", 2.0),
    Row("drop_last 1", "invalid_data", "retry"),
    Row("drop_last 1 only read_record", "invalid_data", "retry"),
    Row("drop_last 2 only read_record", "invalid_data", "retry"),
    Row("flip_bit 1 only select_application", "invalid_data", "retry"),
    Row("flip_bit 1 only read_record", "invalid_data", "retry"),
    Row("garbage 00ff1337", "invalid_data", "retry"),
    Row("garbage 00ff1337 only get_challenge", "invalid_data", "retry"),
    Row("noise 00ff1337", "invalid_data", "retry"),
    Row("noise 9000 only read_record", "invalid_data", "retry"),
    Row("echo", "invalid_data", "retry"),
    Row("twice", "invalid_data", "retry"),
    Row("twice only get_challenge", "invalid_data", "retry"),
    Row("halves 0.05"),
    Row("other only read_record", "invalid_data", "retry"),
    Row("drip 0.001"),
    Row("half_open", "time_out", "replug", 2.5),
    Row("unplug", "no_device", "replug", 2.0),
    Row("power_cycle"),
]


class SocialCardRig:
    """Reads the holder of the card in the slot, with the centre's answer."""

    def __init__(self, pcscd, slot, simulator):
        self._pcscd, self._slot, self._simulator = pcscd, slot, simulator
        self._lost = self._hung = False

    def work(self):
        assert self._slot.accept(NEVER, 5)
        with self._slot.session() as chip:
            holder = SocialCard(chip, REFERENCE).read_holder(Hsm())
        assert isinstance(holder, Holder)
        assert (holder.name, holder.social_number) == ("张三", "11010519491231002X")

    def go_wrong(self, fault):
        self._hung = fault.kind in HANGS
        match fault.kind:
            case Kind.UNPLUG:
                self._pcscd.lose_reader()
                self._lost = True
            case Kind.POWER_CYCLE:
                self._pcscd.restart()
            case Kind.HALF_OPEN:
                self._pcscd.freeze(frozen=True)
            case _:
                self._simulator.go_wrong(fault)

    def go_right(self):
        """What hung is over; the person pulls the card and puts it in again."""
        self._pcscd.freeze(frozen=False)
        if self._lost:
            self._pcscd.restart()
            self._lost = False
        self._simulator.go_right()
        if self._hung:
            self._simulator.remove()
            assert self._slot.give_back(NEVER, 5) is Media.NOT_PRESENT
            self._simulator.insert("B")


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setattr(resource_manager, "_ANSWER_S", APDU_S)
    patch.setattr(driver, "_GRACE_S", 0.3)
    cards = {"B": VirtualCard(CARD_B)}
    with (
        Pcscd(tmp_path_factory.mktemp("pcscd")) as pcscd,
        SocialCardSimulator(pcscd.port, cards) as simulator,
        contextlib.closing(PcscSlot(apdu_s=APDU_S)) as slot,
    ):
        simulator.insert("B")
        yield SocialCardRig(pcscd, slot, simulator)
    patch.undo()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_fault_is_told_and_then_served_again(rig, row):
    suffers(rig, row)


def test_every_kind_has_a_row():
    assert {parse(row.fault).kind for row in ROWS} == set(Kind)
