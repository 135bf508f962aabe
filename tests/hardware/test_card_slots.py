"""A dip reader and a motorised one look the same to the desk: one life of a slot, lived by both."""

import contextlib
import threading
import time
from pathlib import Path

import pytest

from hardware.bench.pcsc import Pcscd
from hardware.card_transport.driver import MotorSlot
from hardware.card_transport.simulator import Card, CardTransportSimulator
from hardware.chip import CardSlot, ChipGone, ChipMute
from hardware.device import Media, State
from hardware.fault import Cure, DeviceFault
from hardware.secret import Secret
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_A
from hardware.social_card.driver import PcscSlot
from hardware.social_card.other_chips import MuteCard, StrictT0
from hardware.social_card.outcomes import Card as SocialCardData
from hardware.social_card.outcomes import Verified
from hardware.social_card.profile import read_profile
from hardware.social_card.simulator import SocialCardSimulator
from hardware.social_card.virtual_card import VirtualCard
from tests.hardware.test_card_transport import ASK, DONE, NOT_VERIFIED, SELECT, VERIFY, TinyChip

NEVER = threading.Event()
SLOTS = ["motor", "dip"]
REFERENCE = read_profile(Path("config/profiles/social_card.toml"), "reference")


class AtMotor:
    """A person at a motorised reader."""

    def __init__(self, simulator):
        self._simulator, self._hand = simulator, simulator.mechanism

    def puts_in(self, chip):
        self._hand.offer(Card(chip))

    def takes_it(self):
        assert self._hand.take() is not None

    def tears_it_out(self):
        self._hand.tear()

    @contextlib.contextmanager
    def cable_out(self):
        self._simulator.unplug()
        yield
        self._simulator.plug()


class AtDip:
    """A person at a dip reader."""

    def __init__(self, pcscd, simulator):
        self._pcscd, self._simulator = pcscd, simulator

    def puts_in(self, chip):
        self._simulator.cards["card"] = chip
        self._simulator.insert("card")

    def takes_it(self):
        assert self._simulator.inserted
        self._simulator.remove()

    def tears_it_out(self):
        self._simulator.remove()

    @contextlib.contextmanager
    def cable_out(self):
        self._pcscd.lose_reader()
        yield
        self._pcscd.restart()


@pytest.fixture(scope="module")
def pcscd(tmp_path_factory):
    with Pcscd(tmp_path_factory.mktemp("pcscd")) as pcscd:
        yield pcscd


@pytest.fixture
def motor(tmp_path):
    with CardTransportSimulator(tmp_path / "card_transport") as simulator:
        slot = MotorSlot(str(simulator.link))
        yield slot, AtMotor(simulator)
        slot.close()


@pytest.fixture
def dip(pcscd):
    with SocialCardSimulator(pcscd.port, {}) as simulator:
        slot = PcscSlot()
        yield slot, AtDip(pcscd, simulator)
        simulator.remove()
        slot.give_back(NEVER, 5)
        slot.close()


@pytest.fixture(params=SLOTS)
def slot_and_person(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def slot(slot_and_person) -> CardSlot:
    return slot_and_person[0]


@pytest.fixture
def person(slot_and_person):
    return slot_and_person[1]


@pytest.fixture
def chip(slot, person):
    """A card is in."""
    chip = TinyChip()
    person.puts_in(chip)
    assert slot.accept(NEVER, 5)
    return chip


def test_it_says_what_it_is(slot):
    capabilities = slot.capabilities()
    assert (capabilities.interface, "chip" in capabilities.features) == ("CardReader", True)
    status = slot.status()
    assert (status.state, status.media) == (State.ONLINE, Media.NOT_PRESENT)


def test_nobody_comes(slot):
    assert not slot.accept(NEVER, 0.05)
    cancel = threading.Event()
    cancel.set()
    began = time.monotonic()
    assert not slot.accept(cancel, 60)
    assert time.monotonic() - began < 2
    assert not slot.card_present()
    assert slot.give_back(NEVER, 0.05) is Media.NOT_PRESENT
    assert slot.reset() is Media.NOT_PRESENT


def test_a_card_comes_while_it_is_waited_for(slot, person):
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(slot.accept(NEVER, 30)))
    waiting.start()
    person.puts_in(TinyChip())
    waiting.join(10)
    assert answers == [True]
    assert slot.card_present()
    assert slot.accept(NEVER, 0)
    assert slot.status().media is Media.PRESENT


def test_what_a_session_knew_dies_with_it(slot, chip):
    with slot.session() as contact:
        assert contact.transmit(bytearray(VERIFY)) == DONE
        assert contact.transmit(ASK) == DONE
    with slot.session() as again:
        assert again.transmit(ASK) == NOT_VERIFIED
        with pytest.raises((ChipGone, DeviceFault)):
            contact.transmit(ASK)


def test_a_session_that_ends_in_an_error_knows_nothing_after(slot, chip):
    with pytest.raises(ZeroDivisionError), slot.session() as contact:
        contact.transmit(VERIFY)
        1 / 0  # noqa: B018
    with slot.session() as contact:
        assert contact.transmit(ASK) == NOT_VERIFIED


@pytest.mark.parametrize("behind", [lambda card: card, StrictT0], ids=["plain", "strict_t0"])
def test_a_social_card_is_read_and_its_pin_verified(slot, person, behind):
    person.puts_in(behind(VirtualCard(CARD_A)))
    assert slot.accept(NEVER, 5)
    with slot.session() as contact:
        social = SocialCard(contact, REFERENCE)
        assert isinstance(social.identify(), SocialCardData)
        assert social.verify(Secret(bytearray(b"123456"))) == Verified()


def test_given_back_and_taken(slot, person, chip):
    assert slot.give_back(NEVER, 0.05) is Media.PRESENT
    person.takes_it()
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT
    assert not slot.card_present()


def test_left_behind(slot, chip):
    began = time.monotonic()
    assert slot.give_back(NEVER, 0.5) is Media.PRESENT
    assert 0.5 <= time.monotonic() - began < 2
    assert slot.card_present()
    cancel = threading.Event()
    cancel.set()
    assert slot.give_back(cancel, 60) is Media.PRESENT


def test_captured_where_it_has_a_bin(slot, chip):
    slot.give_back(NEVER, 0)
    keeps = "retain" in slot.capabilities().features
    assert slot.retain() is (Media.RETAINED if keeps else Media.PRESENT)
    assert slot.card_present() is not keeps


def test_reset_says_where_the_card_is(slot, chip):
    assert slot.reset() is Media.PRESENT
    assert slot.card_present()


def test_a_card_that_says_nothing_is_mute(slot, person):
    person.puts_in(MuteCard())
    assert slot.accept(NEVER, 5)
    with pytest.raises(ChipMute), slot.session():
        pytest.fail("it is mute")
    assert slot.card_present()


def test_a_card_that_is_torn_out_is_gone(slot, person, chip):
    with slot.session() as contact:
        assert contact.transmit(SELECT)[-2:] == DONE
        person.tears_it_out()
        with pytest.raises(ChipGone):
            contact.transmit(SELECT)
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT


def test_a_card_that_is_not_there_has_no_session(slot):
    with pytest.raises(ChipGone), slot.session():
        pytest.fail("there is no card")


def test_a_cable_that_is_pulled_is_told_and_comes_back(slot, person, chip):
    with person.cable_out():
        with pytest.raises(DeviceFault) as told:
            slot.status()
        assert (told.value.device, told.value.detail) == (slot.name, "no_device")
        assert told.value.cure is Cure.REPLUG
    assert slot.accept(NEVER, 5)
    with slot.session() as contact:
        assert contact.transmit(ASK) == NOT_VERIFIED
