"""kill -9 at every step of applying a configuration, in a whole kiosk: the old one or the new one.

After the start it is whole, words and settings of one revision, and the centre is told which.
"""

import signal

import pytest

from tests.faults.fleet import OTHER_TITLE, PROBATION_S

BANKS = {12: "中国工商银行", 13: "重庆银行"}
TWELVE_TOO = 2
"""The second time is for 13: the first was for 12, at the start."""
STEPS = [
    ("store", "stage", 1),
    ("store", "begin", 1),
    ("kiosk", "tuned", TWELVE_TOO),
    ("kiosk", "retune", TWELVE_TOO),
    ("store", "commit", 1),
]
POINTS = [(when, *step) for step in STEPS for when in ("before", "after")]


@pytest.fixture
def order(fleet, tmp_path):
    """The settings of a kiosk that serves by revision 12 and is about to hear of 13."""
    fleet.start()
    fleet.commits(12, settings={"service.banks": [BANKS[12]]})
    settings = fleet.citizen.kiosk._own[0]
    fleet.stop()
    fleet.repository.put(fleet.document(13, settings={"service.banks": [BANKS[13]]}), 13)
    fleet.server.push(13)
    return settings


def shown(citizen):
    """The revision the kiosk is like, whole."""
    title, banks = citizen.view.title, citizen.kiosk.settings.banks
    return next(n for n in BANKS if (title, banks) == (f"{OTHER_TITLE} {n}", (BANKS[n],)))


def comes_back(fleet):
    """Start it again: it is like what it tells, until 13 is in force or has failed; the last word."""
    citizen = fleet.start()
    shown(citizen)

    def told(*states):
        last = fleet.server.reports[-1]
        assert last["serving"] in BANKS
        heard = last["revision"] == 13 and last["state"] in states
        return heard and last["serving"] == shown(citizen)

    fleet.until(lambda: told("probation", "committed", "failed"))
    if told("probation"):
        citizen.silence(PROBATION_S + 1)
    fleet.until(lambda: told("committed", "failed"))
    return fleet.server.reports[-1]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: "-".join(map(str, point)))
def test_killed_at(point, mind, order, fleet):
    mind.does("configure", order, point)
    assert int(mind.heard("dead")) == -signal.SIGKILL
    last = comes_back(fleet)
    tried = point not in (*POINTS[:3], POINTS[-1])
    whole = ("failed", 12, "restarted") if tried else ("committed", 13, "")
    assert (last["state"], last["serving"], last["reason"]) == whole
