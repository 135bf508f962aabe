"""From the facts of a mending visit to what the centre is given: the parts, and nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk.application import (
    MARK_PHOTO_DOUBT,
    MARK_PHOTO_SCAN,
    Application,
    marks,
    named,
    paper_told,
    pictures,
)
from kiosk.services import wishes
from kiosk.services.answers import TAPPED
from kiosk.services.mending import mendable
from kiosk.visit import Facts
from regulation.rules import Applicant

ORDERS = "/v1/applications"

_SENT = ("kiosk_id", "taken_at", "applicant", "phone", "address", "marks", "images")
"""What of a mending case the centre takes; the rest of its row is for the slip."""


def mending(kiosk_id: str, facts: Facts, now: datetime) -> Application:
    """What came again, as the journal keeps it: `mends` names the case and its parts."""
    paper, back = TAPPED.of(facts), mendable(facts)
    if paper is None or back is None:
        raise ValueError("a mending visit begins with a paper and the case that was sent back")
    taken = named(pictures(facts))
    body = {
        "service": back.service,
        "applicant_kind": Applicant.SELF,
        "mends": {"voucher_no": back.voucher_no, "parts": list(back.parts)},
        "kiosk_id": kiosk_id,
        "taken_at": now.isoformat(timespec="seconds"),
        "applicant": paper_told(paper),
        "phone": wishes.PHONE.of(facts),
        "address": paper.address if wishes.ADDRESS.of(facts) else None,
        "marks": [mark for mark in marks(facts) if mark in (MARK_PHOTO_SCAN, MARK_PHOTO_DOUBT)],
        "images": [{"kind": kind, "sha256": sha256} for kind, (sha256, _) in taken.items()],
    }
    return Application(body, dict(taken.values()), (paper.whose,))


def sent(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """What of a case of the journal goes to the centre, and where to."""
    mends = body.get("mends")
    if mends is None:
        return body, ORDERS
    return {name: body[name] for name in _SENT}, f"{ORDERS}/{mends['voucher_no']}/mend"
