"""A case the window sent back, mended by its holder: only the parts in question come again."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.parts import Part
from central.applications.records import Application, open_application
from central.applications.review import CaseReview
from central.applications.states import CaseState
from central.eligibility.standing import MAKING


@dataclass(frozen=True, slots=True)
class SentBack:
    """A case that was sent back, what was in question, and what the citizen was told."""

    case: Application
    parts: tuple[Part, ...]
    sentence: str

    @property
    def here(self) -> bool:
        """Whether a kiosk can mend all of it."""
        return Part.OTHER not in self.parts


def sent_back(session: Session, number: str) -> SentBack | None:
    """The person's case that was sent back last, if parts of it may be mended.

    None once another case that makes a card was begun, or the last one ended in another way.
    """
    making = tuple(MAKING)
    last = session.scalars(
        select(Application)
        .where(
            Application.number == number,
            Application.service.in_([service.value for service in making]),
            Application.state != CaseState.DRAFT,
        )
        .order_by(Application.submitted_at.desc())
        .limit(1)
    ).first()
    if last is None or last.state != CaseState.REJECTED:
        return None
    if open_application(session, making, number) is not None:
        return None
    review = session.get(CaseReview, last.voucher_no)
    if review is None or not review.parts:
        return None
    return SentBack(last, tuple(Part(part) for part in review.parts), review.sentence or "")
