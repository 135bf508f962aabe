"""Rollouts over groups of kiosks that report, on both stores."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from central import forms
from central.audit.chain import broken_at
from central.audit.records import AuditEntry
from central.fleet import contents, records, rollouts
from central.fleet.records import Rollout, RolloutState
from central.problems import ProblemError
from tests.central.fleet.conftest import ANNA, BERT

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

PILOT = ["0001", "0002"]
HALL = ["0011", "0012", "0013", "0014"]
REST = ["0021", "0022"]


@pytest.fixture
def fleet(signed):
    """Eight kiosks: a pilot group, a hall, and two of no group."""
    with signed.database.write() as session:
        for number in (*PILOT, *HALL, *REST):
            group = "pilot" if number in PILOT else "hall" if number in HALL else ""
            records.kiosk(session, number).group = group
    return signed


@pytest.fixture
def begin(fleet):
    """Makes a rollout and approves it; its number."""

    def begin(*groups, approved=True, content=None, **wish):
        wish = {"success": 50, "error": 25, "soak_minutes": 0} | wish
        with fleet.database.write() as session:
            now = fleet.clock()
            body = json.dumps(content or {"settings": {"a.b": 1}})
            content = contents.propose(session, body, "", ANNA, now)
            wanted = rollouts.Wish(groups or ("pilot", "hall", "*"), **wish)
            made = rollouts.make(session, content.id, wanted, ANNA, now)
            if approved:
                rollouts.approve(session, fleet, made.id, BERT)
            return made.id

    return begin


@pytest.fixture
def standing(fleet):
    """Moves what is due and gives a rollout's state and group."""

    def standing(number):
        rollouts.run_due(fleet)
        with fleet.database.read() as session:
            found = session.get(Rollout, number)
            return found.state, found.group

    return standing


@pytest.fixture
def revision(kiosk):
    """What a kiosk shall have, asked until the process has looked."""

    def revision(number, known=0):
        headers = {"If-None-Match": f'"{known}"', "Prefer": "wait=3"}
        answer = kiosk("GET", "desired", number, headers=headers)
        return answer.json()["revision"] if answer.status_code == 200 else known

    return revision


def test_groups_come_one_after_another_and_nobody_twice(begin, report, standing, revision):
    number = begin()
    assert standing(number) == (RolloutState.RUNNING, 0)
    assert [revision(each) for each in PILOT] == [1, 1]
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 1)
    for each in HALL:
        report(each, state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 2)
    for each in REST:
        report(each, state="committed", revision=1)
    assert standing(number) == (RolloutState.DONE, 2)
    assert [revision(each) for each in (*PILOT, *HALL, *REST)] == [1] * 8


def test_the_error_limit_stops_it_and_the_rest_keep_what_they_have(
    begin, report, standing, revision, fleet
):
    number = begin()
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 1)
    report("0011", state="failed", revision=1, step="probation", reason="printer", serving=0)
    assert standing(number) == (RolloutState.RUNNING, 1)  # one of four is at the limit, not over
    report("0012", state="failed", revision=1, step="probation", reason="printer", serving=0)
    assert standing(number) == (RolloutState.STOPPED, 1)
    for each in (*HALL[2:], "0002"):
        report(each, state="committed", revision=1)
    assert standing(number) == (RolloutState.STOPPED, 1)
    assert revision("0021") == 0
    with fleet.database.read() as session:
        assert session.get(Rollout, number).why == "error limit: 2 of 4 failed in hall"


def test_rolling_back_gives_the_content_before_as_a_higher_revision(
    desire, begin, report, fleet, standing, verified
):
    desire(["0001"], settings={"a.b": 7})
    report("0001", state="committed", revision=1)
    number = begin("pilot")
    report("0001", state="committed", revision=2)
    report("0002", state="committed", revision=1)
    assert standing(number)[0] is RolloutState.DONE
    with fleet.database.write() as session:
        given = rollouts.roll_back(session, fleet, number, ANNA, fleet.clock())
    assert given == {"0001": 3, "0002": 2}
    assert verified("0001")[1]["settings"] == {"a.b": 7}
    assert verified("0002")[1]["settings"] == {}
    with fleet.database.write() as session, pytest.raises(ProblemError, match="ROLLOUT_OVER"):
        rollouts.roll_back(session, fleet, number, ANNA, fleet.clock())


def test_a_kiosk_given_something_else_since_is_left_alone_and_does_not_count(
    begin, desire, report, standing, fleet
):
    number = begin("pilot", success=100, error=0)
    desire(["0001"], settings={"a.b": 9})
    report("0002", state="committed", revision=1)
    assert standing(number)[0] is RolloutState.DONE
    with fleet.database.write() as session:
        assert rollouts.roll_back(session, fleet, number, ANNA, fleet.clock()) == {"0002": 2}


CLOSED = {"mode": "out_of_service", "message": {"zh": "漏水"}}


def test_a_kiosk_closed_after_the_approval_is_not_reopened_by_a_later_group(
    begin, desire, report, standing, revision
):
    number = begin("pilot", "hall")
    desire(["0011"], **CLOSED)
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 1)
    assert [revision(each) for each in HALL] == [1] * 4
    report("0012", state="committed", revision=1)
    report("0011", state="committed", revision=1)  # it is none of the group's
    assert standing(number) == (RolloutState.RUNNING, 1)
    report("0013", state="committed", revision=1)
    assert standing(number) == (RolloutState.DONE, 1)


def place(fleet, number, group):
    with fleet.database.write() as session:
        records.kiosk(session, number).group = group


def test_one_person_cannot_reopen_a_kiosk_by_moving_it_into_a_group(
    begin, desire, report, standing, fleet, revision
):
    desire(["0011", "0021"], **CLOSED)
    number = begin("pilot", "hall")
    place(fleet, "0021", "hall")
    place(fleet, "0022", "hall")
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 1)
    assert revision("0011", 1) == 2  # who approved saw that it is closed
    assert (revision("0021", 1), revision("0022")) == (1, 1)


def test_who_is_moved_into_a_group_is_closed_with_it(begin, desire, report, standing, fleet):
    desire(["0021"], **CLOSED)
    number = begin("pilot", "hall", content=CLOSED)
    place(fleet, "0021", "hall")
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 1)
    with fleet.database.read() as session:
        assert records.document(session, "0021", 2).rollout == number


def test_one_that_ran_before_the_centre_was_updated_goes_on(
    begin, desire, report, standing, fleet, revision
):
    desire(["0011"], settings={"a.b": 7})
    number = begin("pilot", "hall")
    with fleet.database.writer.begin() as connection:
        for column in ("since", "closed"):
            connection.execute(text(f"ALTER TABLE fleet_rollout DROP COLUMN {column}"))
        forms.stamp(connection, "0007")
    forms.migrate(fleet.database.writer)
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 1)
    assert revision("0011", 1) == 2


def why(fleet, number):
    with fleet.database.read() as session:
        return session.get(Rollout, number).why


def test_a_group_whose_kiosks_were_all_given_something_else_has_proven_nothing(
    begin, desire, report, standing, fleet
):
    number = begin("pilot", "hall")
    desire(PILOT, settings={"a.b": 9})
    assert standing(number) == (RolloutState.PAUSED, 0)
    assert why(fleet, number) == "nobody is left to answer in pilot: stop, roll out anew"
    for each in PILOT:
        report(each, state="committed", revision=2)
    with fleet.database.write() as session:
        rollouts.act(session, number, "resume", ANNA, fleet.clock())
    assert standing(number) == (RolloutState.PAUSED, 0)


def test_a_group_that_became_empty_before_it_began_lets_nobody_past(begin, standing, fleet):
    number = begin("pilot", "hall", approved=False)
    with fleet.database.write() as session:
        for each in PILOT:
            records.kiosk(session, each).group = "other"
        rollouts.approve(session, fleet, number, BERT)
    assert standing(number) == (RolloutState.PAUSED, 0)


def test_a_kiosk_that_is_no_more_is_not_waited_for_nor_chosen(begin, report, standing, fleet):
    number = begin("hall", "*", success=100, error=0)
    for each in HALL[1:]:
        report(each, state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 0)
    place(fleet, HALL[0], "retired")
    place(fleet, REST[0], "retired")
    assert standing(number) == (RolloutState.RUNNING, 1)
    with fleet.database.read() as session:
        assert records.document(session, REST[0], 1) is None
        assert rollouts.preview(session, ["*"]) == [[*PILOT, *HALL[1:], REST[1]]]
    with pytest.raises(ProblemError, match="ROLLOUT_IMPOSSIBLE"):
        begin("retired")


def test_what_a_kiosk_that_is_no_more_had_answered_counts(begin, report, standing, fleet):
    number = begin("pilot", success=50, error=25)
    report("0001", state="failed", revision=1, step="probation", reason="printer")
    place(fleet, "0001", "retired")
    assert standing(number)[0] is RolloutState.STOPPED


def test_failures_after_a_group_s_turn_stop_it_too(begin, report, standing, fleet):
    """A probation may be long, and a kiosk may come back from being out of reach."""
    number = begin()
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 1)
    report("0002", state="failed", revision=1, step="probation", reason="printer", serving=0)
    assert standing(number) == (RolloutState.STOPPED, 1)
    assert why(fleet, number) == "error limit: 1 of 2 failed in pilot"


def roll_back(fleet, number):
    with fleet.database.write() as session:
        return rollouts.roll_back(session, fleet, number, ANNA, fleet.clock())


def test_what_was_rolled_back_never_comes_back(desire, begin, report, fleet, verified):
    desire(["0001"], settings={"a.b": 7})
    report("0001", state="committed", revision=1)
    first = begin("0001")
    report("0001", state="committed", revision=2)
    assert roll_back(fleet, first) == {"0001": 3}
    second = begin("0001")  # before the kiosk has answered revision 3
    assert roll_back(fleet, second) == {"0001": 5}
    assert verified("0001")[1]["settings"] == {"a.b": 7}


def test_the_older_of_two_goes_back_after_the_newer(desire, begin, report, fleet, verified):
    desire(["0001"], settings={"a.b": 7})
    report("0001", state="committed", revision=1)
    older = begin("0001", content={"settings": {"a.b": 2}})
    report("0001", state="committed", revision=2)
    newer = begin("0001", content={"settings": {"a.b": 3}})
    report("0001", state="committed", revision=3)
    assert roll_back(fleet, older) == {}  # it has the newer one's, and can be rolled back later
    assert roll_back(fleet, newer) == {"0001": 4}
    assert verified("0001")[1]["settings"] == {"a.b": 2}
    report("0001", state="committed", revision=4)
    assert roll_back(fleet, older) == {"0001": 5}
    assert verified("0001")[1]["settings"] == {"a.b": 7}
    with fleet.database.read() as session:
        assert records.document(session, "0001", 5).rollout is None


def test_the_audit_tells_what_kiosks_were_rolled_back_from(begin, fleet):
    number = begin("pilot")
    roll_back(fleet, number)
    with fleet.database.read() as session:
        last = session.query(AuditEntry).order_by(AuditEntry.seq.desc()).first()
    assert (last.action, last.target) == ("fleet.desired", f"rollout:{number}")


def test_one_that_cannot_be_moved_keeps_back_no_other(begin, report, fleet, standing, caplog):
    older, newer = begin("pilot", "hall"), begin("0021", "0022")
    report("0001", state="committed", revision=1)
    with fleet.database.write() as session:
        session.get(Rollout, newer).window = "altered"
    with pytest.raises(ExceptionGroup, match="could not be moved"):
        rollouts.run_due(fleet)
    with fleet.database.read() as session:
        assert session.get(Rollout, older).group == 1
    assert f"rollout {newer}: " in caplog.text


def test_a_late_answer_about_an_older_revision_changes_nothing(begin, report, standing):
    number = begin("pilot", "hall", success=100, error=0)
    report("0001", state="committed", revision=0)
    report("0002", state="failed", revision=7, step="staged", reason="x")
    assert standing(number) == (RolloutState.RUNNING, 0)


def test_it_soaks_and_only_begins_in_its_window(begin, report, standing, clock):
    clock.now = clock.now.replace(hour=0, minute=0)
    number = begin("pilot", "hall", soak_minutes=30, window="01:00-05:00")
    assert standing(number) == (RolloutState.RUNNING, -1)
    clock.now += timedelta(hours=1)
    assert standing(number) == (RolloutState.RUNNING, 0)
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.RUNNING, 0)
    clock.now += timedelta(minutes=29)
    assert standing(number) == (RolloutState.RUNNING, 0)
    clock.now += timedelta(minutes=1)
    assert standing(number) == (RolloutState.RUNNING, 1)


def test_pause_resume_stop(begin, report, standing, fleet):
    def act(what):
        with fleet.database.write() as session:
            rollouts.act(session, number, what, ANNA, fleet.clock())

    number = begin("pilot", "hall")
    act("pause")
    report("0001", state="committed", revision=1)
    assert standing(number) == (RolloutState.PAUSED, 0)
    act("resume")
    assert standing(number) == (RolloutState.RUNNING, 1)
    act("stop")
    assert standing(number) == (RolloutState.STOPPED, 1)
    for what in ("pause", "resume", "stop"):
        with pytest.raises(ProblemError, match="ROLLOUT_OVER"):
            act(what)


def test_nobody_approves_their_own_and_nothing_is_given_before(begin, fleet, revision):
    number = begin(approved=False)
    with fleet.database.write() as session, pytest.raises(ProblemError, match="SECOND_PERSON"):
        rollouts.approve(session, fleet, number, ANNA)
    assert revision("0001") == 0
    with fleet.database.write() as session:
        rollouts.approve(session, fleet, number, BERT)
    assert revision("0001") == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"success": 95, "error": 10},
        {"window": "25:00-05:00"},
        {"window": "morning"},
        {"window": "01:00-01:00"},
        {"soak_minutes": -1},
        {"soak_minutes": 10**9},
    ],
)
def test_an_impossible_rollout_is_refused(begin, wish):
    with pytest.raises(ProblemError, match="ROLLOUT_IMPOSSIBLE"):
        begin(**wish)


@pytest.mark.parametrize(
    "groups",
    [["nobody"], ["'; DROP"], ["*"] * 21, ["pilto", "hall"], ["pilot", "hall", "001*"]],
)
def test_groups_that_are_none_are_refused(begin, groups):
    with pytest.raises(ProblemError, match="ROLLOUT_IMPOSSIBLE"):
        begin(*groups)


def test_all_of_it_is_in_the_audit_and_the_audit_is_whole(begin, report, fleet, standing):
    number = begin("pilot")
    report("0001", state="failed", revision=1, step="staged", reason="disk_full")
    standing(number)
    with fleet.database.read() as session:
        entries = session.query(AuditEntry).order_by(AuditEntry.seq).all()
    actions = [entry.action for entry in entries]
    for action in (
        "fleet.proposed", "fleet.approved", "fleet.rollout-made", "fleet.rollout-approved",
        "fleet.desired", "fleet.failed", "fleet.rollout-stopped",
    ):  # fmt: skip
        assert action in actions
    assert broken_at(entries) is None
