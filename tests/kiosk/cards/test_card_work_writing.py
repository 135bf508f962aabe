"""A PIN written to the card: changed by the old one or reset with the centre's keys; torn anywhere."""

import shutil
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select

from central.cards.records import find_card
from central.cards.states import CardState
from central.issuance.pin_reset_records import PinReset
from hardware.fault import Cure, DeviceFault
from hardware.pin_pad.pin_block import CentreKey
from hardware.secret import Secret
from hardware.social_card.virtual_card import VirtualCard
from kiosk.journal import Journal, State
from kiosk.pin_cases import reset_id
from kiosk.services.answers import PaperRead
from kiosk.services.card_answers import (
    BadPin,
    CardWord,
    NewPin,
    PinBlocked,
    PinEntry,
    PinKept,
    PinLost,
    PinRight,
    PinSet,
    PinUnknown,
    PinWrong,
    ResetReady,
)
from kiosk.visit import Failed, Refusal, Said, Taken
from regulation.papers import Paper
from regulation.rules import Applicant
from tests.faults.proxy import Proxy, Wire
from tests.kiosk.cards.people import HOLDER, NEW, OLD, virtual, visit
from tests.kiosk.cards.pins import has


def hand_in(link, journal, case):
    """Hand a case in, as the link's worker does."""
    for picture in journal.images(case.key).values():
        link.image(picture)
    return link.submit(case.key, case.body)


CHANGE, RELOAD, VERIFY = 0x5E, 0x24, 0x20
SERVICES = {"pin_change": CHANGE, "pin_reset": RELOAD}
BOTH = pytest.mark.parametrize("service", SERVICES)


class Watched(VirtualCard):
    """Has something done when it is told a command for the first time, before it does it."""

    def __init__(self, at, act):
        super().__init__(HOLDER)
        self.at, self.act = at, act

    def transmit(self, command):
        if command[1] == self.at:
            self.at = None
            if answer := self.act():
                return answer
        return super().transmit(command)


@pytest.fixture
def write(kiosk):
    """Writes a new PIN that was typed, until it is no failure any more; gives every event."""

    def write(service, times=4, new=NEW, **facts):
        typed(kiosk, service, new)
        return work(kiosk, service, times, **facts)

    return write


def typed(kiosk, service, new=NEW):
    kiosk.vault.keep_new(Secret(bytearray(new.encode())))
    if service == "pin_change":
        kiosk.vault.keep_old(Secret(bytearray(OLD.encode())))


def work(kiosk, service, times=4, **facts):
    works = {"pin_change": kiosk.writing.change, "pin_reset": kiosk.writing.reset}
    events = []
    while not events or (isinstance(events[-1], Failed) and len(events) < times):
        events.append(kiosk.does(works[service], visit(service, new_pin=NewPin(), **facts)))
    return events


def told(hand, instruction):
    """How often a card was told a command with a body."""
    return sum(each[1] == instruction and len(each) > 5 for each in hand.sent)


@pytest.fixture
def resets(centre):
    """The centre's resets: state and outcome by id."""

    def resets():
        with centre.database.read() as session:
            rows = session.scalars(select(PinReset))
            return {row.id: (str(row.state), row.outcome) for row in rows}

    return resets


@BOTH
def test_the_card_has_the_new_pin_and_the_case_says_so(kiosk, hand, journal, write, service):
    (event,) = write(service)
    case = journal.case(event.answer.key)
    assert event == Said(PinSet(case.key))
    assert (case.state, case.body["outcome"], case.body["service"]) == (
        State.INTENT,
        "done",
        service,
    )
    assert has(hand.card, NEW)
    assert told(hand, SERVICES[service]) == 1
    assert not len(kiosk.vault.new) + len(kiosk.vault.old)


@BOTH
def test_it_is_in_the_journal_as_unknown_before_the_card_hears_of_it(
    kiosk, hand, journal, service, write
):
    seen = []

    def look():
        seen.extend((case.state, case.body["outcome"]) for case in journal.cases(*State))

    hand.card = Watched(SERVICES[service], look)
    write(service)
    assert seen == [(State.WRITING, "unknown")]
    assert kiosk.person.words[-1] == CardWord.WRITING


@BOTH
@pytest.mark.parametrize("brown_out", [False, True], ids=["undone", "done"])
def test_the_card_is_pulled_at_every_command_f25(
    kiosk, hand, journal, write, resets, service, brown_out
):
    write(service)
    commands = [each[1] for each in hand.sent]
    written_at = commands.index(SERVICES[service]) + 1
    for at in range(1, len(commands) + 1):
        hand.card = virtual()
        hand.sent.clear()
        hand.pull_at(at, brown_out=brown_out)
        *failed, end = write(service)
        assert all(each == Failed("F25", "social_card", "card_pulled") for each in failed)
        lost = at == written_at and not brown_out
        assert type(end.answer) is (PinKept if lost else PinSet)
        assert has(hand.card, OLD if lost else NEW)
        assert told(hand, SERVICES[service]) == 1
    cases = journal.cases(*State)
    assert {(case.state, case.body["outcome"]) for case in cases} == {(State.INTENT, "done")}
    if service == "pin_reset":
        used = {reset_id(case.key) for case in cases}
        states = [(id_ in used, state) for id_, (state, _) in resets().items()]
        assert set(states) == {(True, "USED")} | ({(False, "REVERSED")} if not brown_out else set())
        assert states.count((False, "REVERSED")) <= 1  # the one nobody knew of


@BOTH
def test_what_was_lost_and_not_done_may_be_tried_again(kiosk, hand, write, service):
    write(service)
    at = [each[1] for each in hand.sent].index(SERVICES[service]) + 1
    hand.card = virtual()
    hand.pull_at(at)
    assert write(service)[-1] == Said(PinKept())
    assert isinstance(work(kiosk, service)[-1].answer, PinSet)
    assert has(hand.card, NEW)


def test_a_blocked_card_that_was_pulled_at_the_reset_still_is_f22(hand, write):
    write("pin_reset")
    at = [each[1] for each in hand.sent].index(RELOAD) + 1
    hand.card = virtual(tries=0)
    hand.pull_at(at)
    assert write("pin_reset")[-1] == Said(PinKept())
    assert hand.card.tries == 0


def test_a_blocked_card_has_all_its_tries_after_a_reset_f22(hand, write):
    hand.card.tries = 0
    assert isinstance(write("pin_reset")[-1].answer, PinSet)
    assert (hand.card.tries, has(hand.card, NEW)) == (6, True)


def test_with_another_card_nothing_is_settled_f25(kiosk, hand, write):
    write("pin_change")
    at = [each[1] for each in hand.sent].index(CHANGE) + 1
    mine = hand.card = virtual()
    hand.pull_at(at, brown_out=True)
    assert write("pin_change", times=1) == [Failed("F25", "social_card", "card_pulled")]
    hand.card = other = virtual(replace(HOLDER, card_number="A00000077"))
    kiosk.person.does[CardWord.ANOTHER] = lambda: setattr(hand, "card", mine)
    assert isinstance(work(kiosk, "pin_change")[-1].answer, PinSet)
    assert other.tries == 6


class LosesAnswers(Watched):
    """Carries out a write and the next VERIFY, and its reader is lost before they are answered."""

    def __init__(self, times):
        super().__init__(None, None)
        self.times = times

    def transmit(self, command):
        answer = super().transmit(command)
        if command[1] in {CHANGE, RELOAD, VERIFY} and len(command) > 5 and self.times:
            self.times -= 1
            raise DeviceFault("social_card", Cure.REPLUG, "time_out")
        return answer


@BOTH
def test_a_reader_lost_in_the_middle_is_settled_by_one_verify_f26(hand, write, service):
    hand.card = LosesAnswers(1)
    assert write(service)[0] == Failed("F26", "social_card", "time_out")
    assert told(hand, SERVICES[service]) == 1
    assert told(hand, VERIFY) == 1
    assert has(hand.card, NEW)


@BOTH
def test_who_is_asked_in_vain_does_not_know_f26(kiosk, hand, journal, write, service):
    hand.card = LosesAnswers(9)
    *failed, end = write(service)
    assert [each.code for each in failed] == ["F26", "F26"]
    case = journal.case(end.answer.key)
    assert end == Said(PinUnknown(case.key))
    assert (case.state, case.body["outcome"]) == (State.INTENT, "unknown")
    assert told(hand, SERVICES[service]) == 1
    assert not len(kiosk.vault.new)


@BOTH
def test_who_leaves_in_doubt_leaves_a_case_that_says_so_f25(
    kiosk, hand, journal, link, resets, write, service
):
    hand.card = LosesAnswers(1)
    write(service, times=1)
    assert kiosk.does(kiosk.cards.taken) == Said(Taken())
    (case,) = journal.cases(State.INTENT)
    assert case.body["outcome"] == "unknown"
    assert not len(kiosk.vault.new) + len(kiosk.vault.old)
    hand_in(link, journal, case)
    if service == "pin_reset":
        assert resets() == {reset_id(case.key): ("UNKNOWN", "unknown")}


def test_an_old_pin_that_is_none_any_more_changes_nothing_f21(kiosk, hand, journal):
    for tries, end in ((6, PinWrong(5)), (1, PinBlocked()), (0, PinBlocked())):
        hand.card = virtual(pin="271828", tries=tries)
        typed(kiosk, "pin_change")
        assert work(kiosk, "pin_change") == [Said(end)]
        assert journal.cases(*State) == []


@BOTH
def test_what_is_no_longer_known_is_not_written(kiosk, hand, service):
    assert work(kiosk, service) == [Said(PinLost())]
    assert hand.sent == []


@BOTH
def test_without_a_journal_nothing_is_written(kiosk, hand, write, service, tmp_path):
    with locked(tmp_path):
        assert write(service, times=1) == [Failed("F35", "journal", "not_enough_space")]
    assert told(hand, SERVICES[service]) == 0
    assert has(hand.card, OLD)


@BOTH
def test_a_journal_that_fails_after_the_write_does_not_repeat_it(
    kiosk, hand, journal, service, tmp_path
):
    with locked(tmp_path, now=False) as lock:
        hand.card = Watched(SERVICES[service], lock)
        typed(kiosk, service)
        assert work(kiosk, service, times=1) == [Failed("F35", "journal", "not_enough_space")]
    (end,) = work(kiosk, service)
    assert journal.case(end.answer.key).body["outcome"] == "done"
    assert told(hand, SERVICES[service]) == 1


@contextmanager
def locked(tmp_path, *, now=True):
    """Another holds the store's lock for longer than one waits."""
    other = Journal(tmp_path / "kiosk")

    def lock():
        other._db.execute("BEGIN IMMEDIATE")

    if now:
        lock()
    yield lock
    other._db.execute("ROLLBACK")
    other.close()


def test_a_reset_is_prepared_used_and_confirmed(kiosk, journal, link, resets, write):
    assert kiosk.does(kiosk.writing.ready, visit("pin_reset")) == Said(ResetReady())
    (end,) = write("pin_reset")
    case = journal.case(end.answer.key)
    for _ in range(2):
        hand_in(link, journal, case)
    assert resets() == {reset_id(case.key): ("CONFIRMED", "changed")}


def test_the_centre_is_told_that_an_agent_stands_there(centre, write):
    write("pin_reset", who=Applicant.AGENT_ADULT, agent=AGENT)
    with centre.database.read() as session:
        assert [row.by_agent for row in session.scalars(select(PinReset))] == [True]


@pytest.mark.parametrize("fault", [Wire.REFUSED, Wire.NO_REPLY, Wire.ERROR_500, Wire.GARBAGE])
def test_a_reset_cannot_begin_offline_f32(kiosk, wire, fault):
    wire.set(fault)
    offline = Failed("reset_offline", "central", "unreachable")
    assert kiosk.does(kiosk.writing.ready, visit("pin_reset")) == offline
    assert not any(map(PinEntry.of, kiosk.person.words))  # nothing was typed for nothing


AGENT = PaperRead(Paper.RESIDENT_ID, "11010519491231002X", "张三")

PATHS = [
    "/v1/card-keys/pin-key",
    "/v1/pin-resets",
    "/v1/card-keys/pin-reset/authentication",
    "/v1/card-keys/pin-reset/reload",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("fault", [Wire.NO_REPLY, Wire.ERROR_500])
def test_a_centre_lost_in_the_middle_leaves_the_card_as_it_was(
    hand, journal, wire, resets, write, path, fault
):
    wire.set(fault, only=path)
    offline = Failed("reset_offline", "central", "unreachable")
    assert write("pin_reset", times=1) == [offline]
    assert (told(hand, RELOAD), journal.cases(*State)) == (0, [])
    assert has(hand.card, OLD)
    wire.set(Wire.GOOD)
    assert isinstance(write("pin_reset")[-1].answer, PinSet)
    lost = {state for state, _ in resets().values()} - {"USED"}
    assert lost <= {"REVERSED", "PREPARED"}  # prepared lapses by itself


class LosesFirst(Proxy):
    """Loses the first answer to a preparation and to a RELOAD."""

    def fate(self, path):
        wire, order = super().fate(path)
        first = path in PATHS[1::2] and not any(path in row for row in self.passed)
        return (Wire.NO_REPLY if first else wire), order


def test_a_lost_answer_is_asked_for_again_and_is_one_reset(served, hand, link, resets, write):
    loses = LosesFirst(served[1])
    link._http.base_url = loses.url
    try:
        assert isinstance(write("pin_reset", times=1)[-1].answer, PinSet)
    finally:
        loses.stop()
    assert [loses.passed.count(f"POST {path}") for path in PATHS[1:]] == [2, 1, 2]
    assert told(hand, RELOAD) == 1
    assert [state for state, _ in resets().values()] == ["USED"]


def test_a_card_that_is_not_in_use_is_refused_as_the_centre_says_f16(centre, hand, journal, write):
    with centre.database.write() as session:
        find_card(session, HOLDER.card_number).state = CardState.LOSS
    (event,) = write("pin_reset")
    assert (type(event.answer), event.answer.code) == (Refusal, "F16")
    assert (told(hand, RELOAD), journal.cases(*State)) == (0, [])


def test_a_pin_the_centre_knows_to_be_weak_is_refused_by_its_rule_f23(
    kiosk, hand, journal, resets, write
):
    """The kiosk sees a masked telephone number only, the centre the whole one."""
    (event,) = write("pin_reset", new="001380")
    assert event == Said(BadPin("phone_part"))
    assert {state for state, _ in resets().values()} == {"REVERSED"}
    assert (told(hand, RELOAD), journal.cases(*State)) == (0, [])
    assert not len(kiosk.vault.new)
    assert isinstance(write("pin_reset")[-1].answer, PinSet)


def test_a_pin_key_that_was_made_anew_is_fetched_again(kiosk, hand, write):
    kiosk.does(kiosk.writing.ready, visit("pin_reset"))
    fresh = kiosk.writing._centre_key
    kiosk.writing._centre_key = CentreKey(fresh.pem, "0123456789ABCDEF")
    first, second = write("pin_reset")
    assert first == Failed("F35", "central", "pin_key_unknown")
    assert isinstance(second.answer, PinSet)
    assert told(hand, RELOAD) == 1


@BOTH
@pytest.mark.parametrize("brown_out", [False, True], ids=["undone", "done"])
def test_torn_out_of_a_real_reader_at_the_write_f25(dip, reader, service, brown_out):
    simulator = reader[1]
    simulator.insert("mine")
    written_at = {"pin_change": 1, "pin_reset": 5}[service]  # commands after the card was known

    def tear():
        simulator.tear_out(written_at, brown_out=brown_out)
        dip.person.does[CardWord.PUT_BACK] = lambda: simulator.insert("mine")

    dip.person.does[CardWord.WRITING] = tear
    typed(dip, service)
    *failed, end = work(dip, service)
    assert set(failed) == {Failed("F25", "social_card", "card_pulled")}
    assert type(end.answer) is (PinSet if brown_out else PinKept)
    assert has(simulator.cards["mine"], NEW if brown_out else OLD)


@BOTH
def test_no_digit_of_a_pin_is_anywhere_but_in_the_card(kiosk, hand, log, link, tmp_path, service):
    """The whole way: typed, judged, written, handed in; and what is left of it everywhere."""
    events = [kiosk.does(kiosk.pins.old, visit())] if service == "pin_change" else []
    facts = {"old_pin": PinRight()} if events else {}
    events.append(kiosk.does(kiosk.pins.new, visit(service, **facts)))
    events += work(kiosk, service)
    answer = events[-1].answer
    case = kiosk.journal.case(answer.key)
    hand_in(link, kiosk.journal, case)
    left = [repr(events), repr([each.answer for each in events]), log.getvalue()]
    left += [*kiosk.person.words, repr(case), repr(case.body), repr(kiosk.writing)]
    copied = shutil.copytree(tmp_path / "kiosk", tmp_path / "copy")
    files = [path.read_bytes() for path in copied.iterdir()]
    for digits in (OLD, NEW):
        assert not any(digits in text for text in left)
        for form in (digits.encode(), bytes.fromhex(digits)):
            assert not any(len(form) > 3 and form in data for data in files)
