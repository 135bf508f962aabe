"""A list handed in to a real centre: once, whatever breaks (F42 to F44; 规程 1.2.2, 1.2.3)."""

import json
import queue
import re
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from central.batches.records import BatchMember, find_batch
from central.batches.states import BatchState
from central.people.records import Person
from deploy.card_lists import HEAD, csv_of, people, pictures
from deploy.pictures import jpeg, png
from kiosk.batch import chunks, handover
from kiosk.batch.chunks import Order
from kiosk.batch.handover import Handover, Means, Signed, settle
from kiosk.batch.journal import BatchJournal, State
from kiosk.batch.progress import Stage
from kiosk.batch.source import Cancelled
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from tests import forked
from tests.kiosk.batch.office import CLERK, NOW, UNIT, office_in

COUNT = 7
ROWS = list(people(COUNT, minors=0.3))
FILES = pictures(ROWS)
NEVER = threading.Event()
SIGNED = Signed("screen", {"signature": png(b"signature"), "scene": jpeg(b"scene")})


def silent(_progress):
    """Nobody looks at the bar."""


@pytest.fixture
def office(tmp_path):
    with office_in(tmp_path / "centre") as office:
        office.knows(ROWS)
        yield office


@pytest.fixture
def centre(office):
    link = Centre(office.url, 10)
    yield link
    link.close()


@pytest.fixture
def journal(tmp_path):
    journal = BatchJournal(tmp_path / "kiosk")
    yield journal
    journal.close()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """Three rows a batch, as if the centre took no more."""
    monkeypatch.setattr(chunks, "MOST_ROWS", 3)
    monkeypatch.setattr(handover, "MOST_ROWS", 3)


@pytest.fixture
def filled(medium):
    medium.put("a.csv", csv_of([HEAD, *ROWS]))
    medium.put_all(FILES)
    return medium


ORDER = Order("new_batch", "0017", UNIT, *CLERK)


@pytest.fixture
def ours(centre, journal, look, filled):
    """The handover of a list, and the list."""

    def ours(order=ORDER):
        found = look()
        return Handover(Means(centre, journal, lambda: NOW, 0.2), found, order), found

    return ours


def test_a_list_is_taken_in_chunks_with_its_day_and_pick_up_1_2_3(ours, office):
    hand, _ = ours()
    promise = hand.check(silent, NEVER)
    assert promise.due_on == date(2026, 12, 11)  # ten working days after Saturday the 28th
    handed = hand.submit(SIGNED, silent, NEVER)
    assert [each.taken for each in handed.taken] == [3, 3, 1]
    assert (handed.open, handed.left, handed.refused, handed.before) == (0, 0, None, ())
    assert {each.due_on for each in handed.taken} == {promise.due_on}
    assert {each.outlet for each in handed.taken} == {"W301"}
    assert any("96" in words for words in handed.taken[0].pick_up)
    assert office.people() == sorted(row[3] for row in ROWS)
    assert list(office.batches()) == [each.batch_no for each in handed.taken]


def test_each_picture_goes_once_and_as_it_was_looked_at(ours, office, filled):
    hand, _ = ours()
    hand.check(silent, NEVER)
    hand.submit(SIGNED, silent, NEVER)
    assert office.wire.count("PUT", "/v1/images/") == len(FILES) + 2
    assert len({path for method, path in office.wire.seen if method == "PUT"}) == len(FILES) + 2


def test_the_bar_tells_rows_rate_and_time_left(ours, monkeypatch):
    monkeypatch.setattr("kiosk.batch.progress.EVERY_S", 0)
    told = []
    hand, _ = ours()
    hand.check(told.append, NEVER)
    hand.submit(SIGNED, told.append, NEVER)
    for stage in (Stage.CENTRE, Stage.UPLOAD, Stage.SUBMIT):
        mine = [each for each in told if each.stage is stage]
        assert [each.done for each in mine] == sorted(each.done for each in mine)
        assert (mine[-1].done, mine[-1].total, mine[-1].left_s) == (COUNT, COUNT, 0)
        assert all(each.rate > 0 and each.left_s >= 0 for each in mine[1:])


def test_the_centres_faults_come_to_the_lines_and_only_what_changed_is_asked_again(
    ours, office, faults
):
    with office.centre.database.write() as session:
        for at in (1, 5):
            session.get_one(Person, ROWS[at][3]).insured = False
    hand, found = ours()
    hand.check(silent, NEVER)
    assert faults(found) == {(2, "number", "not-insured"), (6, "number", "not-insured")}
    asked = office.wire.count("POST", "/v1/batches/check")
    hand.check(silent, NEVER)
    assert office.wire.count("POST", "/v1/batches/check") == asked
    found.removed(2)
    office.knows([ROWS[5]])
    found.corrected(6, "phone", "13900139000")
    hand.check(silent, NEVER)
    assert office.wire.count("POST", "/v1/batches/check") == asked + 1
    assert (faults(found), found.rows) == (set(), COUNT - 1)
    handed = hand.submit(SIGNED, silent, NEVER)
    assert sum(each.taken for each in handed.taken) == COUNT - 1


def test_a_list_with_a_wrong_row_is_not_begun_unless_the_clerk_says_so(ours, office):
    hand, found = ours()
    found.corrected(4, "phone", "1")
    hand.check(silent, NEVER)
    handed = hand.submit(SIGNED, silent, NEVER)
    assert (handed.taken, handed.left, office.batches()) == ((), COUNT - 1, {})
    handed = hand.submit(replace(SIGNED, partial=True), silent, NEVER)
    assert sum(each.taken for each in handed.taken) == COUNT - 1
    assert ROWS[3][3] not in office.people()


def test_the_same_list_again_gets_its_numbers_and_no_second_batch(ours, office, journal):
    hand, _ = ours()
    hand.check(silent, NEVER)
    first = hand.submit(SIGNED, silent, NEVER)
    before = office.batches()
    again, found = ours()
    again.check(silent, NEVER)
    handed = again.submit(SIGNED, silent, NEVER)
    assert (handed.taken, handed.left, found.wrong) == (first.taken, 0, 0)
    assert office.batches() == before
    assert [c.answer["batch_no"] for c in journal.claim(CLERK[1], NOW)] == list(before)
    assert journal.claim("11010519491231002X", NOW) == []


def test_another_kiosk_is_told_the_number_by_the_centre_f44(ours, office, tmp_path, look, centre):
    hand, _ = ours()
    hand.check(silent, NEVER)
    first = hand.submit(SIGNED, silent, NEVER)
    other = BatchJournal(tmp_path / "another")
    elsewhere = Handover(Means(centre, other, lambda: NOW, 0.2), look(), ORDER)
    handed = elsewhere.submit(SIGNED, silent, NEVER)  # nobody has asked before
    other.close()
    assert handed.before == tuple(each.batch_no for each in first.taken)
    assert (handed.taken, handed.left) == ((), 0)
    assert sum(office.batches().values()) == COUNT


def test_a_batch_that_was_sent_back_may_be_handed_in_again(ours, office):
    hand, _ = ours()
    hand.check(silent, NEVER)
    first = hand.submit(SIGNED, silent, NEVER)
    with office.centre.database.write() as session:
        for each in first.taken:
            batch = find_batch(session, each.batch_no)
            batch.state = BatchState.WITHDRAWN
            for member in session.query(BatchMember).filter_by(batch_no=each.batch_no):
                member.state = "DROPPED"
    again, _ = ours()
    again.check(silent, NEVER)
    handed = again.submit(SIGNED, silent, NEVER)
    assert sum(each.taken for each in handed.taken) == COUNT
    assert {each.batch_no for each in handed.taken}.isdisjoint(
        each.batch_no for each in first.taken
    )


def test_who_is_no_clerk_of_the_unit_is_told_before_anything_is_sent_f43(ours, office):
    hand, _ = ours(replace(ORDER, number="11010519491231002X", name="张三"))
    with pytest.raises(Rejected) as no:
        hand.check(silent, NEVER)
    assert no.value.code == "F43"
    assert office.wire.count("PUT", "/v1/images/") == 0


def test_a_picture_changed_after_it_was_looked_at_stops_the_list(ours, office, filled, faults):
    hand, found = ours()
    hand.check(silent, NEVER)
    name = next(iter(FILES))
    data = bytearray(FILES[name])
    data[10] ^= 1
    filled.put(name, bytes(data))
    handed = hand.submit(SIGNED, silent, NEVER)
    assert (handed.taken, office.batches()) == ((), {})
    assert {code for _, _, code in faults(found)} == {"picture-changed"}


def test_a_picture_with_something_behind_its_end_is_named(ours, office, filled, faults):
    name = next(iter(FILES))
    filled.put(name, FILES[name] + b"trailer")
    hand, found = ours()
    hand.check(silent, NEVER)
    handed = hand.submit(SIGNED, silent, NEVER)
    assert (handed.taken, office.batches()) == ((), {})
    assert {code for _, _, code in faults(found)} == {"picture-unreadable"}


def test_nobody_answers_and_it_goes_on_where_it_was(ours, office, journal):
    hand, _ = ours()
    office.wire.at = lambda method, path, turn: (
        "refuse" if method == "PUT" and turn == 1 and (office.wire.count("PUT", "/") == 9) else ""
    )
    hand.check(silent, NEVER)
    with pytest.raises(Unknown):
        hand.submit(SIGNED, silent, NEVER)
    assert journal.open() == []
    handed = hand.submit(SIGNED, silent, NEVER)
    assert sum(each.taken for each in handed.taken) == COUNT


def test_a_lost_answer_leaves_the_chunk_open_and_it_is_settled_once_f33(
    ours, office, journal, centre
):
    hand, _ = ours()
    hand.check(silent, NEVER)
    office.wire.at = lambda method, path, _turn: (
        "lose" if (method, path) == ("POST", "/v1/batches") else ""
    )
    handed = hand.submit(SIGNED, silent, NEVER)
    assert (handed.open, handed.left, len(journal.open())) == (1, COUNT - 3, 1)
    assert sum(office.batches().values()) == 3
    office.wire.at = lambda *_: ""
    assert settle(centre, journal, NOW) == 0
    assert journal.open() == []
    handed = hand.submit(SIGNED, silent, NEVER)
    assert [each.taken for each in handed.taken] == [3, 3, 1]
    assert office.people() == sorted(row[3] for row in ROWS)


def test_without_a_line_nothing_is_bound(ours, office, journal, centre):
    hand, _ = ours()
    hand.check(silent, NEVER)
    dead = Centre("http://127.0.0.1:9", 1)
    nobody = Handover(Means(dead, journal, lambda: NOW, 0.1), hand._list, ORDER)
    with pytest.raises(Unreachable):
        nobody.submit(SIGNED, silent, NEVER)
    dead.close()
    assert journal.open() == []


def test_cancelled_between_chunks_nothing_more_is_sent(ours, office):
    hand, _ = ours()
    hand.check(silent, NEVER)
    cancel = threading.Event()

    def at(method, path, turn):
        if (method, path, turn) == ("POST", "/v1/batches", 1):
            cancel.set()
        return ""

    office.wire.at = at
    handed = hand.submit(SIGNED, silent, cancel)
    assert ([each.taken for each in handed.taken], handed.left) == ([3], COUNT - 3)
    with pytest.raises(Cancelled):
        hand.submit(SIGNED, silent, cancel)
    handed = hand.submit(SIGNED, silent, NEVER)
    assert [each.taken for each in handed.taken] == [3, 3, 1]


def test_what_the_centre_refuses_at_last_is_named_and_mended(ours, office, faults, journal):
    hand, found = ours()
    hand.check(silent, NEVER)
    with office.centre.database.write() as session:
        session.get_one(Person, ROWS[4][3]).insured = False
    handed = hand.submit(SIGNED, silent, NEVER)
    assert ([each.taken for each in handed.taken], handed.left) == ([3], COUNT - 3)
    assert handed.refused.code == "F42"
    assert faults(found) == {(5, "number", "not-insured")}
    found.removed(5)
    handed = hand.submit(SIGNED, silent, NEVER)
    assert sum(each.taken for each in handed.taken) == COUNT - 1
    assert journal.open() == []


def test_settled_chunks_are_forgotten_after_a_day_and_hold_no_request(ours, journal, tmp_path):
    hand, _ = ours()
    hand.check(silent, NEVER)
    hand.submit(SIGNED, silent, NEVER)
    held = journal.holding(UNIT, [row[3] for row in ROWS])
    assert len(held) == COUNT
    assert all(journal.chunk(key).body == {} for key in held.values())
    assert journal.purge(NOW + timedelta(hours=25)) == 3
    assert journal.holding(UNIT, [row[3] for row in ROWS]) == {}


def test_the_journal_shows_nothing_on_the_disk(ours, journal, office, tmp_path):
    office.wire.at = lambda method, path, _turn: (
        "lose" if (method, path) == ("POST", "/v1/batches") else ""
    )
    hand, _ = ours()
    hand.check(silent, NEVER)
    hand.submit(SIGNED, silent, NEVER)
    (chunk,) = journal.open()
    assert chunk.state is State.BOUND
    assert chunk.body["rows"]
    raw = b"".join(path.read_bytes() for path in (tmp_path / "kiosk").iterdir())
    for row in ROWS[:3]:
        assert row[3].encode() not in raw
        assert row[1].encode() not in raw


POINTS = {
    "while the centre checks": ("POST", r"/v1/batches/check", 1),
    "at the first picture": ("PUT", r"/v1/images/", 1),
    "at a later picture": ("PUT", r"/v1/images/", 13),
    "at the first chunk": ("POST", r"/v1/batches$", 1),
    "at the second chunk": ("POST", r"/v1/batches$", 2),
    "at the last chunk": ("POST", r"/v1/batches$", 3),
}


@pytest.fixture(scope="module")
def mind():
    with forked.mind("tests.kiosk.batch.hands_in") as mind:
        yield mind


@pytest.mark.parametrize("when", ["kill-before", "kill-after"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_nobody_is_lost_and_nobody_twice(
    point, when, mind, office, filled, tmp_path
):
    method, pattern, turn = POINTS[point]
    alive, hits = queue.SimpleQueue(), []

    def at(asked, path, _turn):
        if asked == method and re.match(pattern, path):
            hits.append(path)
            if len(hits) == turn:
                return f"{when}:{alive.get(timeout=20)}"
        return ""

    office.wire.at = at
    order = (office.url, filled.root, tmp_path / "kiosk", 3)
    mind.does(*order)
    alive.put(mind.heard("alive"))
    assert mind.heard("dead") == "-9"
    office.wire.at = lambda *_: ""
    mind.does(*order)
    told = json.loads(mind.heard("told"))
    assert mind.heard("dead") == "0"
    assert (told["wrong"], told["open"], told["left"], told["before"]) == (0, 0, 0, [])
    assert office.people() == sorted(row[3] for row in ROWS)
    assert sorted(told["taken"]) == sorted(office.batches())
