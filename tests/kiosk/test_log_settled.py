"""What is settled is in the log when something came of it, not as often as it is tried."""

from types import SimpleNamespace

import pytest

from kiosk.journal import Journal
from kiosk.link import Unknown, Unreachable
from kiosk.logs.opening import open_log
from kiosk.pace import Pace
from kiosk.submission import Handing
from tests.kiosk.test_journal import BODY, HOLDER, NOW
from tests.logged import rows

ANSWER = {
    "voucher_no": "CQ-0017-20261123-0042-K",
    "qr": "",
    "window": "",
    "submitted_at": NOW.isoformat(),
    "due_at": NOW.isoformat(),
}


class Link:
    """The link's work, over a journal and a centre that takes so many cases, and then fails."""

    def __init__(self, folder):
        self.folder, self.takes, self.fails = folder, 0, Unknown("status 500")
        self.journal = Journal(folder)
        self.log, self.lines = open_log(folder, lambda: NOW)
        centre = SimpleNamespace(submit=self.submit)
        self.handing = Handing(centre, self.journal, None, "0017", Pace(now=lambda: NOW), self.log)

    def submit(self, *_case):
        self.takes -= 1
        if self.takes < 0:
            raise self.fails
        return ANSWER

    def opens(self):
        self.journal.open(BODY, {}, (HOLDER,), NOW)

    def settles(self, takes=0):
        self.takes = takes
        self.handing.settle()

    def told(self, event="settled"):
        return [(row["open"], row["left"]) for row in rows(self.folder, event)]


@pytest.fixture
def link(tmp_path):
    made = Link(tmp_path)
    yield made
    made.lines.close()
    made.journal.close()


@pytest.mark.parametrize("fails", [Unknown("status 500"), Unreachable("away")])
def test_a_case_that_stays_open_is_said_once_with_what_it_met(link, fails):
    link.fails = fails
    link.opens()
    for _ in range(5):
        link.settles()
    met = [row["event"] for row in rows(link.folder)]
    assert met == ["centre_failed", "settled", "centre_failed"]
    assert link.told() == [(1, 1)]


def test_each_that_is_settled_is_said(link):
    link.opens()
    link.settles(takes=1)
    link.opens()
    link.settles(takes=1)
    link.settles()
    link.opens()
    link.opens()
    link.settles(takes=1)
    link.settles()
    link.settles()
    assert link.told() == [(1, 0), (1, 0), (2, 1), (1, 1)]
