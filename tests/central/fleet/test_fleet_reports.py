"""What kiosks say of themselves, and who is out of reach."""

from datetime import timedelta

import pytest

from central.fleet import service


def state(centre, number="0017"):
    with centre.database.read() as session:
        return service.standing(session, number, centre.clock())


def test_a_kiosk_that_waits_for_nothing_speaks_each_minute(signed, report):
    assert report(state="none", version="1.4.0") == {"next_s": 60, "jitter_s": 20, "asks": 0}
    assert (state(signed).version, state(signed).reachable) == ("1.4.0", True)


def test_it_speaks_oftener_while_a_document_is_on_its_way(desire, report):
    desire(["0017"])
    assert report(state="probation", revision=1)["next_s"] == 15
    assert report(state="committed", revision=1, serving=1)["next_s"] == 60


def test_a_failure_is_kept_with_step_and_reason(desire, report, centre):
    desire(["0017"])
    report(state="failed", revision=1, step="probation", reason="printer_silent")
    now = state(centre)
    assert (now.outcome, now.step, now.reason) == ("failed", "probation", "printer_silent")


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (["received", "staged", "probation"], "pending"),
        (["failed", "received"], "pending"),  # it could not be proven, and is asked for again
        (["failed", "received", "committed"], "committed"),
        (["committed", "probation"], "committed"),  # after a start
        (["committed", "failed"], "failed"),
    ],
)
def test_what_is_told_last_counts(desire, report, centre, told, outcome):
    desire(["0017"])
    for each in told:
        report(state=each, revision=1)
    assert state(centre).outcome == outcome


@pytest.mark.parametrize("step", ["fresh", "root", "start"])
def test_what_is_in_force_does_not_fail_by_its_metadata_or_its_disk(desire, report, centre, step):
    """Else the error limit would stop a rollout, and rolling back pass good contents over."""
    desire(["0017"])
    told = {"state": "failed", "revision": 1, "serving": 1, "step": step, "reason": "altered"}
    report(**told)
    assert state(centre).outcome == "failed"  # nothing is in force yet
    report(state="committed", revision=1, serving=1)
    report(**told)
    assert (state(centre).outcome, state(centre).step) == ("committed", step)
    report(**told | {"step": "probation"})
    assert state(centre).outcome == "failed"


def test_who_is_silent_is_out_of_reach(signed, report, clock):
    report(devices={"printer": "ok", "camera": "unplugged"})
    clock.now += timedelta(seconds=180)
    assert state(signed).reachable
    assert state(signed).faults == ["camera"]
    clock.now += timedelta(seconds=1)
    assert not state(signed).reachable


def test_a_revision_is_above_any_the_kiosk_has_told_of(desire, report):
    """The store may have been restored from before."""
    report(state="committed", revision=41, serving=41)
    assert desire(["0017"]) == {"0017": 42}


@pytest.mark.parametrize(
    "later",
    [
        {"state": "failed", "revision": 1, "serving": 41, "step": "verified", "reason": "older"},
        {"state": "none", "revision": 0, "serving": 0},
    ],
)
def test_what_was_told_once_is_not_forgotten(desire, report, centre, later):
    """A kiosk refuses what a restored centre has, and tells of that low revision."""
    report(state="committed", revision=41, serving=41)
    report(**later)
    assert state(centre).revision == later["revision"]
    assert desire(["0017"]) == {"0017": 42}


def test_the_revision_in_force_counts_as_well(desire, report):
    report(state="failed", revision=1, serving=41, step="verified", reason="older")
    assert desire(["0017"]) == {"0017": 42}


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("told", ["revision", "serving"])
def test_a_revision_that_cannot_be_does_not_count(desire, report, told, caplog):
    """The next one would not fit the store, and a whole group would get nothing."""
    report("0018", state="committed", revision=3)
    report(state="committed", **{told: 2**31 - 1})
    assert "kiosk 0017 tells of a revision nobody gave" in caplog.text
    assert desire(["0017", "0018"]) == {"0017": 1, "0018": 4}
    report("0018", state="committed", revision=4)
    assert desire(["0017", "0018"]) == {"0017": 2, "0018": 5}


@pytest.mark.parametrize(
    "told",
    [
        {"state": "fine"},
        {"revision": -1},
        {"revision": True},
        {"revision": "1"},
        {"devices": {"printer": "张三 500103198506120190"}},
        {"devices": {f"d{number}": "ok" for number in range(41)}},
        {"consumables": {"paper_m": -1}},
        {"reason": "x" * 501},
        {"unknown": 1},
    ],
)
def test_a_report_of_another_form_is_refused(signed, kiosk, problem, told):
    assert problem(kiosk("PUT", "reported", json=told)) == "invalid"
