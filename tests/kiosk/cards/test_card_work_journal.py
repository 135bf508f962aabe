"""A case that is being written: kept for as long as nobody knows, taken up by the next process."""

from datetime import timedelta

from kiosk.journal import RIGHT_TO_REPRINT, Journal, State
from tests.kiosk.cards.conftest import NOW

BODY = {"service": "pin_change", "outcome": "unknown"}
PICTURES = {"aa": b"\x89PNG signature"}
HOLDER = "11010519491231002X"


def put(journal, at=NOW):
    return journal.open(BODY, PICTURES, (HOLDER,), at, state=State.WRITING)


def test_what_came_of_it_makes_it_an_intent(journal):
    key = put(journal)
    assert journal.case(key).state is State.WRITING
    journal.written(key, "done")
    case = journal.case(key)
    assert (case.state, case.body) == (State.INTENT, BODY | {"outcome": "done"})
    assert journal.images(key) == PICTURES


def test_of_what_was_not_done_nothing_is_left(journal):
    key, other = put(journal), put(journal)
    journal.drop(key)
    assert [case.key for case in journal.cases(*State)] == [other]
    assert not journal.claimable(key)
    assert (journal.images(key), journal.images(other)) == ({}, PICTURES)


def test_the_next_process_takes_it_up_as_unknown_f45(tmp_path):
    first = Journal(tmp_path)
    key, done = put(first), put(first)
    first.written(done, "done")
    first.close()
    second = Journal(tmp_path)
    outcomes = {case.key: case.body["outcome"] for case in second.cases(State.INTENT)}
    assert outcomes == {key: "unknown", done: "done"}
    second.close()


def test_it_is_never_forgotten_while_it_is_written(journal):
    put(journal, NOW - RIGHT_TO_REPRINT - timedelta(hours=1))
    assert journal.purge(NOW) == 0


def test_it_has_no_slip_to_claim(journal):
    put(journal)
    assert journal.claim(HOLDER, NOW) is None
