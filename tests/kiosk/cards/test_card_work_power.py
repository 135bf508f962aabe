"""F26, F45: the power goes at any moment of a PIN's write.

After the restart the PIN is the old or the new one, at most one write was done, and the centre knows
that it was done, or that nobody knows.
"""

import signal

import pytest
from sqlalchemy import select

from central.audit.records import AuditEntry
from central.issuance.pin_reset_records import PinReset
from kiosk.journal import Journal, State
from kiosk.link import Rejected
from kiosk.pin_cases import reset_id
from tests import forked
from tests.kiosk.cards.people import NEW, OLD
from tests.kiosk.cards.pins import has

ALIKE = [("journal", "open", 1), ("card", "decide", 1), ("card", "decide", 2)]
ALIKE += [("journal", "written", 1)]
CALLS = {
    "pin_change": ALIKE,
    "pin_reset": [
        *ALIKE,
        ("centre", "pin_reset", 1),
        ("centre", "card_keys", 1),
        ("centre", "card_keys", 2),
        ("card", "challenge", 3),
    ],
}
POINTS = [
    (service, (when, *call))
    for service, calls in CALLS.items()
    for call in calls
    for when in ("before", "after")
]
NEVER_SENT = ("before", "journal", "open", 1)


@pytest.fixture(scope="module")
def mind():
    with forked.mind("tests.kiosk.cards.mind") as mind:
        yield mind


@pytest.fixture
def killed(mind, wire, reader, tmp_path):
    """Has a kiosk killed at a point of its write; gives the card."""

    def killed(service, point):
        reader[1].insert("mine")
        mind.does(service, wire.url, tmp_path / "kiosk", point)
        assert int(mind.heard("dead")) == -signal.SIGKILL
        reader[1].remove()
        return reader[1].cards["mine"]

    return killed


def audited(centre, service):
    with centre.database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == f"card.{service}"))
        return [row.details for row in rows]


@pytest.mark.parametrize(("service", "point"), POINTS, ids=str)
def test_killed_at(service, point, killed, centre, link, tmp_path):
    card = killed(service, point)
    journal = Journal(tmp_path / "kiosk")
    cases = journal.cases(*State)
    if point == NEVER_SENT:
        assert cases == []
        assert has(card, OLD)
        return
    (case,) = cases
    done = point == ("after", "journal", "written", 1)
    assert (case.state, case.body["outcome"]) == (State.INTENT, "done" if done else "unknown")
    assert has(card, NEW) or (has(card, OLD) and not done)
    for picture in journal.images(case.key).values():
        link.image(picture)
    if service == "pin_reset" and used(centre, case) is None:
        with pytest.raises(Rejected):  # no RELOAD was made: there is nothing to write down
            link.submit(case.key, case.body)
        assert has(card, OLD)
        return
    for _ in range(2):
        link.submit(case.key, case.body)
    (details,) = audited(centre, service)
    assert case.body["outcome"] in str(details)
    if service == "pin_reset":
        assert used(centre, case) == ("CONFIRMED" if done else "UNKNOWN")
    journal.close()


def used(centre, case):
    """How the one reset stands, if a RELOAD was made for it."""
    with centre.database.read() as session:
        rows = [(row.id, str(row.state)) for row in session.scalars(select(PinReset))]
    assert [id_ for id_, _ in rows] in ([], [reset_id(case.key)])
    states = [state for _, state in rows if state != "PREPARED"]
    return states[0] if states else None
