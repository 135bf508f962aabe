"""A card put in, read, given back and taken: over a real pcscd, a motor's wire and a real centre."""

import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest

from hardware.bench.card_reader import MotorReader
from hardware.card_transport.driver import MotorSlot
from hardware.card_transport.simulator import Card
from hardware.pin_pad.screen_pad import ScreenPad
from hardware.social_card.card_files import CARD_A
from hardware.social_card.keys import Algorithm
from hardware.social_card.other_chips import BankCard, LockedCard, MuteCard
from kiosk.services.card_answers import CardRead, CardUnusable, CardWord
from kiosk.visit import Failed, Said, Taken
from regulation.papers import Paper
from tests.faults.proxy import Wire
from tests.kiosk.cards.conftest import Kiosk
from tests.kiosk.cards.people import CARD_NUMBER, HOLDER, ID_NUMBER, NAME, virtual, visit


class Forged(BankCard):
    """Our card's files, and no keys: it cannot prove itself."""

    def __init__(self):
        self.card = virtual()
        self.power_on, self.power_off = self.card.power_on, self.card.power_off

    def transmit(self, command):
        answer = self.card.transmit(command)
        return bytes(8) + b"\x90\x00" if command[1] == 0x88 else answer


class Nonsense(Forged):
    """A chip whose challenges are too short."""

    def transmit(self, command):
        return b"\x11\x22\x90\x00" if command[1] == 0x84 else self.card.transmit(command)


class Nothing(BankCard):
    def transmit(self, _command):
        return b"\x6a\x82"


@pytest.fixture
def work(dip, reader):
    """Reads what is put in under a name, as somebody does at the `card` step."""

    def work(card, name="card"):
        reader[1].cards[name] = card
        dip.person.does[CardWord.PUT_IN] = lambda: reader[1].insert(name)
        return dip.does(dip.cards.read, visit())

    return work


def test_whose_card_it_is_and_how_many_tries_its_pin_has(work):
    event = work(virtual())
    assert isinstance(event, Said)
    read = event.answer
    assert (read.tries_left, read.blocked) == (6, False)
    paper = read.paper
    assert (paper.paper, paper.number, paper.name) == (Paper.SS_CARD, CARD_NUMBER, NAME)
    assert (paper.sex, paper.birth) == ("男", "19850612")
    assert (paper.social_number, paper.whose) == (ID_NUMBER, ID_NUMBER)


@pytest.mark.parametrize(("tries", "read"), [(1, (1, False)), (0, (0, True))])
def test_the_tries_are_the_cards_own_f22(work, tries, read):
    answer = work(virtual(tries=tries)).answer
    assert (answer.tries_left, answer.blocked) == read


def test_nothing_of_the_holder_is_shown(work, log, dip):
    event = work(virtual())
    shown = f"{event!r} {event.answer!r} {log.getvalue()} {dip.person.words} {dip.vault!r}"
    for datum in (NAME, ID_NUMBER, CARD_NUMBER, "19850612"):
        assert datum not in shown


UNUSABLE = {
    "mute": (MuteCard, "F27"),
    "nonsense": (Nonsense, "F27"),
    "elsewhere": (lambda: virtual(CARD_A), "F28"),
    "bank": (BankCard, "card_bank_only"),
    "no_application": (Nothing, "card_not_ours"),
    "locked": (lambda: LockedCard(HOLDER), "card_locked"),
    "forged": (Forged, "card_not_genuine"),
}


@pytest.mark.parametrize(("make", "code"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_card_of_no_use_is_named_and_has_to_be_taken_out_first_f27_f28(
    work, dip, reader, make, code
):
    assert work(make()) == Said(CardUnusable(code))
    dip.person.does[CardWord.TAKE_OUT] = reader[1].remove
    assert isinstance(work(virtual()).answer, CardRead)
    said = [word for word in dip.person.words if word in {CardWord.PUT_IN, CardWord.TAKE_OUT}]
    assert said == [CardWord.PUT_IN, CardWord.TAKE_OUT, CardWord.PUT_IN]


@pytest.mark.parametrize("fault", [Wire.REFUSED, Wire.NO_REPLY, Wire.ERROR_500])
def test_a_centre_that_does_not_answer_opens_nobody_f35(work, dip, wire, fault):
    wire.set(fault)
    assert work(virtual()) == Failed("F35", "central", "unreachable")
    wire.set(Wire.GOOD)  # and the card may stay where it is
    assert isinstance(dip.does(dip.cards.read, visit()).answer, CardRead)


def test_an_older_card_needs_no_centre(work, wire):
    wire.set(Wire.REFUSED)
    older = replace(HOLDER, version="2.00", algorithm=Algorithm.TDES)
    assert work(virtual(older)).answer.paper.name == NAME


def test_a_card_that_is_pulled_while_it_is_read_is_asked_for_again(work, dip, reader):
    def pulled():
        reader[1].tear_out(4)
        dip.person.does[CardWord.PUT_IN] = lambda: reader[1].insert("card")

    dip.person.does[CardWord.READING] = pulled
    event = work(virtual())
    assert isinstance(event, Said), event
    assert isinstance(event.answer, CardRead)
    assert dip.person.words.count(CardWord.PUT_IN) == 2


def test_a_reader_without_its_cable_is_told_and_comes_back(work, dip, pcscd):
    pcscd.lose_reader()
    try:
        assert work(virtual()) == Failed("card_reader", "social_card", "no_device")
    finally:
        pcscd.restart()
    assert isinstance(work(virtual()).answer, CardRead)


def test_another_persons_paper_is_not_the_applicants_own_card(dip, reader):
    """An agent's card, after the holder's: both go into the one slot."""
    agents = replace(HOLDER, card_number="A00000077", social_number="11010519491231002X")
    reader[1].cards["agent"] = virtual(agents)
    reader[1].insert("mine")
    dip.person.does[CardWord.TAKE_OUT] = lambda: reader[1].insert("agent")
    event = dip.does(dip.cards.paper, visit())
    assert (event.answer.number, event.answer.whose) == ("A00000077", "11010519491231002X")


def test_a_card_put_in_at_home_begins_something(dip, reader):
    reader[1].insert("mine")
    assert dip.does(dip.cards.tapped) == "begun"
    assert [read.paper.number for read in dip.begun] == [CARD_NUMBER]


def test_a_card_of_no_use_at_home_says_why_once_and_begins_nothing(dip, reader):
    reader[1].cards["bank"] = BankCard()
    reader[1].insert("bank")
    assert dip.does(dip.cards.tapped) is None
    assert dip.person.words[-1] == "card_bank_only"
    dip.person.does[""] = lambda: reader[1].insert("mine")  # once the slot was seen empty
    taking = threading.Thread(target=reader[1].remove)
    taking.start()
    assert dip.does(dip.cards.tapped) == "begun"
    taking.join()


def test_whoever_is_not_served_any_more_is_not_waited_for(dip):
    dip.person.does[CardWord.PUT_IN] = dip.person.leaves
    assert dip.does(dip.cards.read, visit()) is None


def test_the_card_is_taken(dip, reader):
    reader[1].insert("mine")
    assert dip.slot.device.accept(threading.Event(), 5)
    assert dip.cards.present()
    taking = threading.Thread(target=reader[1].remove)
    taking.start()
    assert dip.does(dip.cards.taken, visit()) == Said(Taken())
    taking.join()
    assert not dip.cards.present()


def test_a_card_nobody_takes_is_waited_for_as_long_as_it_is_asked(dip, reader):
    reader[1].insert("mine")
    assert dip.slot.device.accept(threading.Event(), 5)
    ask = dip.person.ask(visit())
    ask.cancel.set()
    assert dip.cards.taken(ask) is None


@contextmanager
def motor_kiosk(tmp_path, link, journal, log):
    with MotorReader(tmp_path / "motor") as motor:
        device = MotorSlot(str(motor.link))
        yield Kiosk(device, ScreenPad(), link, journal, log), motor
        device.close()


def test_a_motor_takes_the_card_in_and_gives_it_back(tmp_path, link, journal, log):
    with motor_kiosk(tmp_path, link, journal, log) as (kiosk, motor):
        motor.mechanism.offer(Card(virtual()))
        assert isinstance(kiosk.does(kiosk.cards.read, visit()).answer, CardRead)
        motor.mechanism.takes = True
        assert kiosk.does(kiosk.cards.taken, visit()) == Said(Taken())
        assert not kiosk.cards.present()


def test_a_motor_keeps_a_card_nobody_takes_when_it_is_told_f38(tmp_path, link, journal, log):
    with motor_kiosk(tmp_path, link, journal, log) as (kiosk, motor):
        motor.mechanism.offer(Card(virtual()))
        assert isinstance(kiosk.does(kiosk.cards.read, visit()).answer, CardRead)
        kiosk.cards.capture()
        assert kiosk.does(kiosk.cards.taken, visit()) == Said(Taken())
        assert len(motor.mechanism.bin) == 1
        assert '"state": "retained"' in log.getvalue()
