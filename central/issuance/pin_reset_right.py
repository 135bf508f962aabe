"""Who may have a PIN reset at a kiosk: by the table and the store, with the code an agent needs.

The PIN is another once RELOAD was given, so the right to it is judged before, not when the
application for it comes (规程 5.1, reading A10).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from central.applications import one_time
from central.applications.works import work
from central.centre import Centre
from central.eligibility.schemas import Question
from central.eligibility.service import look
from central.issuance.pin_reset import CLAUSE
from central.problems import Kind, ProblemError
from regulation.rules import Channel, Service


def by_agent(  # noqa: PLR0913, PLR0917 - who asks for what, when, of which store
    session: Session, centre: Centre, key: str, asked: Question, card_id: str, now: datetime
) -> bool:
    """Whether an agent stands there, if they may have it; the code proved under the key is spent.

    Raises what stands in the way, and `CARD_UNKNOWN` if the card in the kiosk is not theirs.
    """
    if (asked.service, asked.channel) != (Service.PIN_RESET, Channel.KIOSK):
        raise ProblemError(Kind.INVALID, "asked: it is a pin_reset at a kiosk.")
    row = work(asked.service, asked.applicant_kind)
    seen = look(session, centre, asked, now, row)
    row.stand(seen)
    if seen.card.identifier != card_id:
        raise seen.no(Kind.CARD_UNKNOWN, "插入的卡不是申办人的社保卡")
    one_time.spend(seen, key)
    return seen.parties.agent_number is not None


def require_question(centre: Centre, *, by_agent: bool) -> None:
    """Raise `ORDER_INCOMPLETE` where a right that nobody judged is not believed."""
    otp = by_agent and centre.rules.switches.pin_reset_by_agent_at_kiosk != "allow"
    if otp or centre.settings.mode == "production":
        raise ProblemError(Kind.ORDER_INCOMPLETE, "Send asked.", clause=CLAUSE, missing="asked")
