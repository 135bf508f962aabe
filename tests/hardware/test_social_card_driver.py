"""The driver over a real pcscd: cards in and out, every fault, and service again after it."""

import logging
import queue
import threading
import time
from pathlib import Path

import pytest
from smartcard import scard

from hardware.bench.pcsc import Pcscd, PcscdError
from hardware.chip import ChipGone, ChipMute
from hardware.device import Capabilities, Media, State, Status, state_of
from hardware.fault import Cure, DeviceFault
from hardware.secret import Secret
from hardware.social_card import driver, resource_manager
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_A, CARD_B
from hardware.social_card.driver import PcscSlot
from hardware.social_card.other_chips import BankCard, MuteCard, StrictT0
from hardware.social_card.outcomes import (
    BankOnly,
    Card,
    Changed,
    Holder,
    Pulled,
    Unknown,
    Verified,
    WrongPin,
)
from hardware.social_card.profile import read_profile
from hardware.social_card.simulator import SocialCardSimulator, command_name
from hardware.social_card.virtual_card import VirtualCard
from hardware.wire.faults import parse
from hardware.worker import Worker
from tests.hardware.cards.chips import Renewed
from tests.hardware.cards.hsm import Hsm
from tests.hardware.cards.plugging import plug_rig

REFERENCE = read_profile(
    Path(__file__).parents[2] / "config/profiles/social_card.toml", "reference"
)
NEVER = threading.Event()
APDU_S = 0.5
CHALLENGE = bytes.fromhex("0084000008")


@pytest.fixture(scope="module")
def pcscd(tmp_path_factory):
    with Pcscd(tmp_path_factory.mktemp("pcscd")) as pcscd:
        yield pcscd


@pytest.fixture
def slot(pcscd, monkeypatch):
    monkeypatch.setattr(resource_manager, "_ANSWER_S", APDU_S)
    monkeypatch.setattr(driver, "_GRACE_S", 0.3)
    slot = PcscSlot(apdu_s=APDU_S)
    yield slot
    slot.close()
    pcscd.plug()


@pytest.fixture(scope="module")
def reader(pcscd):
    """The slot's other side; a card stays in it from test to test, for pcscd looks slowly."""
    cards = {
        "A": Renewed(lambda: VirtualCard(CARD_A)),
        "B": VirtualCard(CARD_B),
        "strict": StrictT0(VirtualCard(CARD_A)),
        "bank": BankCard(),
        "mute": MuteCard(),
    }
    with SocialCardSimulator(pcscd.port, cards) as reader:
        yield reader


@pytest.fixture
def simulator(reader, slot):
    yield reader
    reader.wire.go_right()
    if reader.inserted != "A":
        _swap(slot, reader, "A")


@pytest.fixture
def with_a(simulator, slot):
    if simulator.inserted != "A":
        _swap(slot, simulator, "A")
    assert slot.accept(NEVER, 5)
    simulator.cards["A"].renew()
    return simulator


def _swap(slot, simulator, name):
    """pcscd looks into the slot only now and then: it must see the slot empty in between."""
    _take_out(slot, simulator)
    simulator.insert(name)
    assert slot.accept(NEVER, 5)


def _take_out(slot, simulator):
    simulator.remove()
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT


def _pin(digits):
    return Secret(bytearray(digits.encode()))


def _identify(slot):
    with slot.session() as chip:
        return SocialCard(chip, REFERENCE).identify()


def _fault(action):
    with pytest.raises(DeviceFault) as caught:
        action()
    fault = caught.value
    assert str(fault) == f"social_card: {fault.detail} (cure: {fault.cure})"
    assert fault.__cause__ is None
    return fault.detail, fault.cure


def test_what_it_is(slot):
    assert slot.name == "social_card"
    assert slot.capabilities() == Capabilities("CardReader", "dip", frozenset({"chip"}))


def test_a_card_is_seen_within_the_poll_and_given_back(slot, simulator):
    _take_out(slot, simulator)
    assert slot.status() == Status(State.ONLINE, Media.NOT_PRESENT)
    assert not slot.card_present()
    assert not slot.accept(NEVER, 0.05)
    worker, answers = Worker("social_card"), queue.SimpleQueue()
    worker.submit(lambda cancel: slot.accept(cancel, 30), answers.put)
    began = time.monotonic()
    simulator.insert("B")
    assert answers.get(timeout=10) is True
    assert time.monotonic() - began < 15  # far from the end of its patience
    assert worker.stop()
    assert slot.status() == Status(State.ONLINE, Media.PRESENT)
    assert slot.accept(NEVER, 0)
    assert slot.retain() is slot.reset() is Media.PRESENT
    assert slot.give_back(NEVER, 0) is Media.PRESENT
    simulator.remove()
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT
    assert slot.retain() is Media.NOT_PRESENT


@pytest.mark.parametrize("wait", ["accept", "give_back"])
def test_cancel_ends_the_waiting(slot, with_a, wait):
    if wait == "accept":
        _take_out(slot, with_a)
    worker, answers = Worker("social_card"), queue.SimpleQueue()
    cancel = worker.submit(lambda cancel: getattr(slot, wait)(cancel, 60), answers.put)
    cancel.set()
    answer = answers.get(timeout=2)
    assert answer in (False, Media.PRESENT) or type(answer).__name__ == "Cancelled"
    assert worker.stop()


def test_the_reader_is_chosen_by_a_part_of_its_name(pcscd, slot, with_a, monkeypatch):
    other = PcscSlot(reader="00 01")
    assert not other.card_present()
    with SocialCardSimulator(pcscd.port + 1, {"B": VirtualCard(CARD_B)}) as second:
        second.insert("B")
        assert other.accept(NEVER, 5)
        first = PcscSlot(reader="Virtual PCD 00 00")
        told = [_identify(one) for one in (slot, first, other)]
        assert [card.region for card in told] == ["330300", "330300", "500000"]
        first.close()
    assert other.give_back(NEVER, 5) is Media.NOT_PRESENT
    other.close()
    monkeypatch.setattr(driver, "_GRACE_S", 0.0)
    missing = PcscSlot(reader="Nobody's reader")
    for action in (missing.status, missing.card_present, lambda: missing.accept(NEVER, 1)):
        assert _fault(action) == ("no_device", Cure.REPLUG)
    assert state_of(missing).state is State.NO_DEVICE
    missing.close()


@pytest.mark.parametrize("name", ["A", "strict"])
def test_holder_and_reset_over_any_reader(slot, simulator, name):
    if name != simulator.inserted:
        _swap(slot, simulator, name)
    with slot.session() as chip:
        assert chip.atr == bytes.fromhex("3B6D000000815443435086330102030405")
        card = SocialCard(chip, REFERENCE)
        assert isinstance(card.read_holder(Hsm()), Holder)
        assert card.reload(Hsm(), "112233") == Changed()


def test_a_bank_card_and_a_mute_one(slot, simulator):
    _swap(slot, simulator, "bank")
    assert _identify(slot) == BankOnly()
    _swap(slot, simulator, "mute")
    for _ in range(2):
        with pytest.raises(ChipMute), slot.session():
            pass
    assert slot.card_present()
    _swap(slot, simulator, "A")
    assert isinstance(_identify(slot), Card)


def _served_again(slot):
    """A card is read, as soon as pcscd has seen that another one is in."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if slot.accept(NEVER, 1):
            try:
                return isinstance(_identify(slot), Card)
            except (ChipMute, ChipGone):
                pass
    return False


@pytest.mark.parametrize(("at", "brown_out"), [(1, False), (2, True), (3, False), (3, True)])
def test_a_card_that_is_torn_out(slot, with_a, at, brown_out):
    with_a.tear_out(at, brown_out=brown_out)
    with slot.session() as chip:
        outcome = SocialCard(chip, REFERENCE).change_pin(_pin("123456"), _pin("654321"))
    assert outcome == (Unknown() if at == 3 else Pulled())
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT
    assert with_a.inserted == ""
    with pytest.raises(ChipGone), slot.session():
        pass
    with_a.insert("A")
    assert slot.accept(NEVER, 5)
    changed = at == 3 and brown_out
    with slot.session() as chip:
        verified = SocialCard(chip, REFERENCE).verify(_pin("654321"))
    assert verified == (Verified() if changed else WrongPin(5))
    assert with_a.cards["A"].card.tries == (6 if changed else 5)


def test_contacts_that_open_for_a_moment(slot, with_a):
    with slot.session() as chip:
        chip.transmit(CHALLENGE)
        with_a.go_wrong(parse("power_cycle"))
        with pytest.raises(ChipGone):
            for _ in range(3):
                chip.transmit(CHALLENGE)
    with_a.go_right()
    assert _served_again(slot)


def test_another_program_holds_the_card(slot, with_a):
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _, handle, _ = scard.SCardConnect(
        context, "Virtual PCD 00 00", scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0
    )
    assert slot.card_present()
    assert _fault(lambda: _identify(slot)) == ("device_not_ready", Cure.ATTENDANT)
    scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
    assert isinstance(_identify(slot), Card)
    with slot.session():
        code, *_ = scard.SCardConnect(
            context, "Virtual PCD 00 00", scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0
        )
        assert code & 0xFFFFFFFF == scard.SCARD_E_SHARING_VIOLATION
    scard.SCardReleaseContext(context)


def test_pcscd_is_restarted_between_and_within(pcscd, slot, with_a):
    assert isinstance(_identify(slot), Card)
    pcscd.restart()
    assert slot.accept(NEVER, 5)
    assert isinstance(_identify(slot), Card)
    with slot.session() as chip:
        chip.transmit(CHALLENGE)
        pcscd.restart()
        assert _fault(lambda: chip.transmit(CHALLENGE)) == ("offline", Cure.RETRY)
    assert slot.accept(NEVER, 5)
    assert isinstance(_identify(slot), Card)


def test_pcscd_is_restarted_while_a_card_is_waited_for(pcscd, slot, simulator, monkeypatch):
    monkeypatch.setattr(driver, "_GRACE_S", 5.0)
    _take_out(slot, simulator)
    worker, answers = Worker("social_card"), queue.SimpleQueue()
    worker.submit(lambda cancel: slot.accept(cancel, 30), answers.put)
    pcscd.lose_reader()
    pcscd.restart()
    simulator.insert("A")
    assert answers.get(timeout=10) is True
    assert worker.stop()


def test_a_card_that_nobody_touched_is_still_in_after_a_restart(pcscd, slot, with_a, monkeypatch):
    monkeypatch.setattr(driver, "_GRACE_S", 5.0)
    worker, answers = Worker("social_card"), queue.SimpleQueue()
    began = time.monotonic()
    worker.submit(lambda cancel: slot.give_back(cancel, 4), answers.put)
    pcscd.restart()
    assert answers.get(timeout=10) is Media.PRESENT
    assert time.monotonic() - began >= 4
    assert worker.stop()
    with_a.remove()  # it was seen by this context: believed at once, and by a new one after 1 s
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT
    for timeout_s in (0, 5):
        slot.close()
        began = time.monotonic()
        assert slot.give_back(NEVER, timeout_s) is Media.NOT_PRESENT
        assert 1 <= time.monotonic() - began < 4


def test_a_reader_that_is_unplugged_while_it_is_waited_says_nothing_of_the_card(
    pcscd, slot, with_a
):
    worker, answers = Worker("social_card"), queue.SimpleQueue()
    worker.submit(lambda cancel: slot.give_back(cancel, 9), answers.put)
    pcscd.lose_reader()
    fault = answers.get(timeout=10)
    assert isinstance(fault, DeviceFault)
    assert fault.detail in ("no_device", "offline")
    assert worker.stop()
    pcscd.restart()
    assert slot.accept(NEVER, 5)


def test_pcscd_is_away(pcscd, slot, with_a):
    pcscd.unplug()
    for action in (slot.status, lambda: slot.accept(NEVER, 9), lambda: _identify(slot), slot.reset):
        assert _fault(action) == ("offline", Cure.RETRY)
    assert state_of(slot).state is State.OFFLINE
    pcscd.plug()
    assert slot.accept(NEVER, 5)
    assert isinstance(_identify(slot), Card)


def test_the_reader_is_unplugged_between_and_within(pcscd, slot, with_a):
    with slot.session() as chip:
        chip.transmit(CHALLENGE)
        pcscd.lose_reader()
        _fault(lambda: chip.transmit(CHALLENGE))
    for action in (slot.status, lambda: slot.accept(NEVER, 9), lambda: _identify(slot)):
        assert _fault(action) == ("no_device", Cure.REPLUG)
    pcscd.restart()
    assert slot.accept(NEVER, 5)
    assert isinstance(_identify(slot), Card)


def test_a_command_that_hangs_ends_in_time(slot, with_a):
    with_a.go_wrong(parse("silence"))

    for within_s in (2 * APDU_S, 3 * APDU_S):  # pcscd itself would wait for ever
        began = time.monotonic()
        assert _fault(lambda: _identify(slot)) == ("time_out", Cure.REPLUG)
        assert time.monotonic() - began < within_s
    with_a.go_right()
    assert _served_again(slot)


def test_a_change_that_hangs_is_unknown(slot, with_a):
    with_a.go_wrong(parse("did_it only change_pin"))
    with slot.session() as chip:
        outcome = SocialCard(chip, REFERENCE).change_pin(_pin("123456"), _pin("654321"))
    assert isinstance(outcome, Unknown)
    assert outcome.fault is not None
    assert (outcome.fault.detail, outcome.fault.cure) == ("time_out", Cure.REPLUG)
    with_a.go_right()
    assert _served_again(slot)
    with slot.session() as chip:
        assert SocialCard(chip, REFERENCE).verify(_pin("654321")) == Verified()


def test_a_pcscd_that_hangs(pcscd, slot, with_a):
    slot.status()
    pcscd.freeze(frozen=True)
    try:
        for action in (slot.status, slot.status, lambda: slot.accept(NEVER, 9)):
            began = time.monotonic()
            assert _fault(action) == ("time_out", Cure.REPLUG)
            assert time.monotonic() - began < 3 * APDU_S
        assert state_of(slot).state is State.OFFLINE
    finally:
        pcscd.freeze(frozen=False)
    assert slot.accept(NEVER, 5)
    assert isinstance(_identify(slot), Card)


def test_nothing_personal_is_logged(slot, with_a, caplog):
    caplog.set_level(logging.DEBUG)
    with slot.session() as chip:
        card = SocialCard(chip, REFERENCE)
        card.read_holder(Hsm())
        card.verify(_pin("123456"))
        assert repr(chip).startswith("<hardware.social_card.driver.PcscChip object")
    assert caplog.text == ""


def test_a_command_is_not_kept(slot, with_a):
    with slot.session() as chip:
        command = bytearray.fromhex("0020000003123456")
        chip.transmit(command)
        assert command == bytearray.fromhex("0020000003123456")  # the caller's, to be wiped


def test_closing_twice_and_using_again(slot, with_a):
    slot.close()
    slot.close()
    assert isinstance(_identify(slot), Card)


@pytest.mark.parametrize(
    ("apdu", "name"),
    [
        ("00A4040002AABB", "select_application"),
        ("00A4020002EF05", "select_file"),
        ("00A4000002EF05", "select_file"),
        ("00B2012C00", "read_record"),
        ("0084000008", "get_challenge"),
        ("0088000010", "internal_authenticate"),
        ("0082000A10", "external_authenticate"),
        ("0020000003", "verify"),
        ("805E010007", "change_pin"),
        ("8424000004", "unblock"),
        ("8424000114", "reload"),
        ("00C0000010", "get_response"),
        ("00CA000000", "other"),
    ],
)
def test_names_of_commands_in_the_language_of_faults(apdu, name):
    assert command_name(bytes.fromhex(apdu)) == name


def test_one_pcscd_at_a_time(pcscd, tmp_path):
    with pytest.raises(PcscdError, match="end it first"):
        Pcscd(tmp_path, wait_s=0).start()


def test_thirty_replugs_leave_nothing(pcscd, reader):
    reader.remove()
    pcscd.stop()
    try:
        with plug_rig() as rig:
            rig.work()
            rig.unplug()
            before = _held()
            for _ in range(30):
                rig.plug()
                rig.work()
                rig.unplug()
            assert _held() == before
    finally:
        pcscd.start()


def _held():
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
