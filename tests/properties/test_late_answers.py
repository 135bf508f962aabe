"""The desk under random orders of presses, answers, time and cancelled work that answers late."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.crawl.answers import WORK
from kiosk.visit import OF_NOBODY, Resume, standing
from tests.properties.desks import Table
from tests.properties.strategies import BEGINNINGS, EVENTS, likely

ACTS = ("press", "press", "press", "answer", "answer", "answer", "wait", "exception", "progress")


@st.composite
def acts(draw):
    """A table and what is done at it, already done; `draw` decides each act by what is there."""
    table, seen = Table(), []
    table.desk.start()
    for _ in range(draw(st.integers(5, 60))):
        before, log = table.desk.visit, len(table.works)
        act = draw(st.sampled_from(ACTS))
        late = _do(draw, table, act)
        seen.append((act, late, before, table.desk.visit, len(table.works) - log))
        assert_one_request(table)
    return table, seen


def _do(draw, table, act):
    """Do one act; gives whether it was the answer of work that had been cancelled."""
    desk = table.desk
    if act in ("answer", "exception") and table.works:
        place = draw(st.integers(0, len(table.works) - 1))
        name, ask, _done = table.works[place]
        found = draw(st.sampled_from((None, *WORK.get(name, BEGINNINGS))))
        late = ask.cancel.is_set()
        table.answer(place, ValueError("broken") if act == "exception" else found)
        return late
    if act == "wait":
        table.silence(draw(st.sampled_from((1.0, 30.0, 61.0, 300.0))))
    elif act == "progress" and table.works:
        table.works[-1][1].progress("3")
        table.read_post()
    elif desk.visit is None:
        desk.say(draw(st.sampled_from(BEGINNINGS)))
    else:
        desk.say(draw(st.one_of(st.sampled_from(likely(desk.visit)), EVENTS)))
    return False


def assert_one_request(table):
    """One key gives one request: never two pieces of work that somebody still waits for."""
    assert len(table.running()) <= 1


@settings(max_examples=60, deadline=None)
@given(acts())
def test_a_late_answer_never_reaches_a_new_visit(done):
    _table, seen = done
    for _act, late, before, after, started in seen:
        if late:
            assert after is before
            assert started == -1  # the late answer itself; nothing was started for it


@settings(max_examples=60, deadline=None)
@given(acts())
def test_what_runs_is_the_work_of_the_step_the_visit_stands_at(done):
    table, _seen = done
    desk = table.desk
    step = standing(desk.visit) if desk.visit else None
    wanted = step.work if step else desk.AT_HOME
    assert table.running() in ([], [wanted])


@settings(max_examples=60, deadline=None)
@given(acts())
def test_resume_without_an_overlay_starts_nothing(done):
    table, _seen = done
    if table.desk.visit and table.desk.visit.overlay is None:
        before = len(table.works)
        table.desk.say(Resume())
        assert len(table.works) == before


@settings(max_examples=60, deadline=None)
@given(acts())
def test_nobody_is_served_for_ever(done):
    """Silence ends every visit: by time alone, with work that never answers."""
    table, _seen = done
    desk = table.desk
    for _ in range(12):
        if desk.visit is None or desk.visit.service in OF_NOBODY:
            return
        if desk.left_s() is None:
            table.answer(-1, None)  # an automatic step waits for its work, which has a deadline
            table.works[-1][2](TimeoutError())
            table.read_post()
        table.silence(61.0)
    raise AssertionError(f"still at {standing(desk.visit)}")
