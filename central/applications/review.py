"""A case at the window: taken up, accepted or sent back, by one clerk at a time.

Who acts says which version of the case they saw; when somebody changed it meanwhile, nothing is
done. A case another clerk took up is theirs until they put it back, or a supervisor steps in.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.applications.parts import Part
from central.applications.records import Application, find
from central.applications.states import CaseEvent, CaseState, move
from central.audit.chain import Detail
from central.cards.ledger import Act
from central.centre import Settings
from central.database import Base
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.problems import Kind, ProblemError
from regulation.masks import mask_text
from regulation.rules import Service

FEWEST, WORDS = 5, 150
"""Characters of a clerk's own words to the citizen, where they are all the citizen reads."""

OTHER = "other"
REASONS = {
    "portrait": "照片不符合制卡要求，请重新拍照后再申请",
    "paper_unclear": "证件影像看不清楚，请带证件原件重新办理",
    "paper_mismatch": "证件与填写的信息不一致，请核对后重新办理",
    "paper_expired": "证件已过期，请换领新证件后再办理",
    "agent_papers": "代办材料不齐，请带齐代办人和申办人的证件原件",
    "signature": "签名不清楚或不是本人所签，请重新签名",
    "not_present": "申办人没有到场核验，请本人到窗口办理",
    "duplicate": "您已有社保卡或正在办理的申请，不需要重复申请",
    OTHER: "",
}
"""Why a case is sent back, in the words the citizen reads; `other` needs the clerk's own."""

MARKS = {
    "officer_card_review": "军官证没有机读，请核验原件",
    "sign_at_window": "没有签名，请在窗口签字",
    "address_at_window": "地址不对，请登记新的联系地址",
    "scene_photo_missing": "没有拍到现场照片，请核对是否本人",
    "portrait_scanned": "登记照是扫描纸质照片得到的，请核对",
    "portrait_review": "登记照质量存疑，请核对是否重拍",
}
"""What the kiosk left for the window, by its mark: a clerk confirms each before accepting."""

ORIGINALS = "originals"
"""The confirmation every case needs: the originals were looked at (规程 1.1.3)."""


class CaseReview(Base):
    """Who has a case at the window, and why it was sent back. `words` are masked.

    `parts` are what is asked for again (`Part`).
    """

    __tablename__ = "case_review"

    voucher_no: Mapped[str] = mapped_column(ForeignKey("application.voucher_no"), primary_key=True)
    login: Mapped[str | None]
    outlet: Mapped[str | None]
    since: Mapped[str]
    reason: Mapped[str | None]
    words: Mapped[str | None]
    parts: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def sentence(self) -> str | None:
        """Why it was sent back, as the citizen reads it."""
        if self.reason is None:
            return None
        return "。".join(part for part in (REASONS[self.reason], self.words or "") if part)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts, when, at which outlet; a supervisor may step in for others."""

    act: Act
    outlet: str
    supervisor: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the page showed it."""

    voucher_no: str
    version: int


@dataclass(frozen=True, slots=True)
class Why:
    """A row of `REASONS`, the clerk's own words, and what has to come again."""

    reason: str
    words: str
    parts: frozenset[Part]


def outlet_of(case: Application, settings: Settings) -> str:
    """The outlet whose window a case belongs to: where its kiosk stands."""
    return settings.outlets.get(case.kiosk_id, case.kiosk_id)


def places_of(outlet: str, settings: Settings) -> list[str]:
    """Everything that takes cases for an outlet: itself, and its kiosks."""
    kiosks = {kiosk for kiosk, where in settings.outlets.items() if where == outlet}
    return sorted(kiosks | ({outlet} if settings.outlets.get(outlet, outlet) == outlet else set()))


def case_of(session: Session, voucher_no: str) -> Application:
    """The case with this voucher; raises `VOUCHER_UNKNOWN`."""
    case = find(session, voucher_no)
    if case is None:
        raise ProblemError(Kind.VOUCHER_UNKNOWN)
    return case


def holder_of(session: Session, voucher_no: str) -> CaseReview | None:
    """Who has the case, or had it last."""
    return session.get(CaseReview, voucher_no)


def take_up(session: Session, settings: Settings, seen: Seen, desk: Desk) -> Application:
    """Take a case to one's desk, or over from a colleague as a supervisor."""
    case = _case(session, settings, seen, desk)
    if CaseState(case.state) is CaseState.REVIEW:
        _mine(session, case, desk)
        case.version += 1  # it changes hands, not its state
    else:
        _move(session, case, CaseEvent.TAKE_UP, desk)
    _give(session, case, desk)
    return case


def put_back(session: Session, settings: Settings, seen: Seen, desk: Desk) -> Application:
    """Put a case back into the queue."""
    case = _case(session, settings, seen, desk)
    review = _mine(session, case, desk)
    _move(session, case, CaseEvent.PUT_BACK, desk)
    if review is not None:
        review.login = review.outlet = None
    return case


def accept(
    session: Session, settings: Settings, seen: Seen, desk: Desk, confirmed: set[str]
) -> Application:
    """Accept a case whose every mark was looked at. Raises `CASE_UNCHECKED`."""
    case = _case(session, settings, seen, desk)
    _mine(session, case, desk)
    if missing := {ORIGINALS, *case.marks} - confirmed:
        raise ProblemError(
            Kind.CASE_UNCHECKED,
            f"Not confirmed: {', '.join(sorted(missing))}.",
            reason_zh="请先逐项核对并打勾，再受理",
        )
    _move(session, case, CaseEvent.ACCEPT, desk, confirmed=len(confirmed))
    if case.service == Service.REPLACE_INDIVIDUAL:
        _tell(session, case, desk, NoticeKind.REPLACEMENT_ACCEPTED)
        return case
    due = date.fromisoformat(case.due_at[:10])
    _tell(session, case, desk, NoticeKind.APPLICATION_ACCEPTED, due_on=f"{due.month}月{due.day}日")
    return case


def send_back(
    session: Session, settings: Settings, seen: Seen, desk: Desk, why: Why
) -> Application:
    """End a case with a reason the citizen understands. Raises `REASON_NEEDED`."""
    case = _case(session, settings, seen, desk)
    review = _mine(session, case, desk) or _give(session, case, desk)
    words = " ".join(why.words.split())
    too_short = why.reason == OTHER and len(words) < FEWEST
    if why.reason not in REASONS or too_short or len(words) > WORDS:
        raise ProblemError(Kind.REASON_NEEDED)
    if not words.isprintable() or set("<>") & set(words):
        reason = "补充说明里有短信不能显示的字符（如尖括号），请去掉后再退回"
        detail = "Leave out characters like < and >."
        raise ProblemError(Kind.REASON_NEEDED, detail, reason_zh=reason)
    if not why.parts:
        raise ProblemError(Kind.REASON_NEEDED, reason_zh="请勾选要补正的内容，可以多选")
    parts = [part.value for part in Part if part in why.parts]
    _move(session, case, CaseEvent.SEND_BACK, desk, reason=why.reason, parts=",".join(parts))
    review.reason, review.words, review.parts = why.reason, mask_text(words) or None, parts
    _tell(session, case, desk, NoticeKind.APPLICATION_SENT_BACK, reason=review.sentence or "")
    return case


def withdraw(session: Session, settings: Settings, seen: Seen, desk: Desk) -> Application:
    """End a case because the holder asks for it, at the window (规程 1.1)."""
    case = _case(session, settings, seen, desk)
    if CaseState(case.state) is CaseState.REVIEW:
        _mine(session, case, desk)
    _move(session, case, CaseEvent.WITHDRAW, desk)
    return case


def _case(session: Session, settings: Settings, seen: Seen, desk: Desk) -> Application:
    """The case, if it is as it was seen, and of this desk's outlet."""
    case = case_of(session, seen.voucher_no)
    if case.version != seen.version:
        raise ProblemError(Kind.CASE_CHANGED, reason_zh="已由他人处理，请看最新的情况")
    elsewhere = outlet_of(case, settings) != desk.outlet
    if elsewhere and settings.step_in == "supervisors" and not desk.supervisor:
        raise ProblemError(Kind.CASE_ELSEWHERE)
    return case


def _mine(session: Session, case: Application, desk: Desk) -> CaseReview | None:
    """The review this desk has; raises `CASE_CHANGED` when it is a colleague's."""
    review = session.get(CaseReview, case.voucher_no)
    if review is not None and review.login not in {None, desk.act.actor.id} and not desk.supervisor:
        raise ProblemError(Kind.CASE_CHANGED, reason_zh="这笔业务正由另一位同事办理")
    return review


def _give(session: Session, case: Application, desk: Desk) -> CaseReview:
    review = session.get(CaseReview, case.voucher_no) or CaseReview(voucher_no=case.voucher_no)
    review.login, review.outlet = desk.act.actor.id, desk.outlet
    review.since = desk.act.at.isoformat()
    session.add(review)
    return review


def _move(
    session: Session, case: Application, event: CaseEvent, desk: Desk, **details: Detail
) -> None:
    move(session, case, event, desk.act.actor, desk.act.at, outlet=desk.outlet, **details)


def _tell(
    session: Session, case: Application, desk: Desk, kind: NoticeKind, **parameters: str
) -> None:
    """A notice to the phone given with the case, or the person's own."""
    told = {"voucher_no": case.voucher_no} | parameters
    queue(session, desk.act.at, kind, case.number, phone=case.phone, **told)
