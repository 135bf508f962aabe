"""A case the window sent back, mended by its holder: only the parts in question come again."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications import checks, records
from central.applications.drafts import order_of
from central.applications.parts import MARKS, PICTURES, Part
from central.applications.records import Application, ApplicationImage
from central.applications.review import CaseReview
from central.applications.schemas import Mend, Taken
from central.applications.states import ZH, CaseEvent, CaseState, move
from central.applications.words import progress
from central.applications.works import work
from central.audit.records import Actor
from central.cards.ledger import Act
from central.cards.records import cards_of
from central.centre import Centre
from central.eligibility.parties import NAMED_BY, Parties, number_of
from central.eligibility.shown_card import HOLDERS, with_holders
from central.eligibility.standing import MAKING, Seen
from central.fees.records import fee_of
from central.fees.states import FeeState
from central.idempotency import Answer, answer_once, fingerprint
from central.people.records import find_person
from central.problems import Kind, ProblemError
from regulation.names import same_name
from regulation.papers import Paper
from regulation.people import check_phone
from regulation.rules import Applicant, Cell, Channel, Rules, Service
from regulation.terms import latest_issue

OK = 200


@dataclass(frozen=True, slots=True)
class SentBack:
    """A case that was sent back, what was in question, what the citizen was told.

    `here`: a kiosk can mend all of it.
    """

    case: Application
    parts: tuple[Part, ...]
    sentence: str
    here: bool


def sent_back(session: Session, rules: Rules, number: str) -> SentBack | None:
    """The last case that makes a card for the person, if it was sent back and may be mended."""
    last = session.scalars(
        select(Application)
        .where(
            Application.number == number,
            Application.service.in_([service.value for service in MAKING]),
            Application.state != CaseState.DRAFT,
        )
        .order_by(Application.submitted_at.desc(), Application.voucher_no.desc())
        .limit(1)
    ).first()
    if last is None or last.state != CaseState.REJECTED:
        return None
    review = session.get(CaseReview, last.voucher_no)
    if review is None or not review.parts:
        return None
    parts = _parts(review)
    return SentBack(last, parts, review.sentence or "", here=_here(session, rules, last, parts))


def mend(centre: Centre, key: str, voucher_no: str, told: Mend, actor: Actor) -> Answer:
    """The answer to what came again: taken once, however often it is sent.

    Raises `VOUCHER_UNKNOWN`, `CASE_STATE_FORBIDS`, `MEND_NOT_THEIRS`, `MEND_AT_WINDOW`,
    `MEND_PARTS`, and what stands in the way of the service by now.
    """
    route = f"mend {voucher_no}"
    print_ = fingerprint(route, told.model_dump(mode="json", exclude_defaults=True))
    act = Act(actor, centre.clock())
    with centre.running.alone(key):
        return answer_once(
            centre.database,
            key,
            print_,
            act.at,
            actor,
            lambda session: _mend(session, centre, voucher_no, told, act),
        )


def _mend(session: Session, centre: Centre, voucher_no: str, told: Mend, act: Act) -> Answer:
    case = records.find(session, voucher_no)
    if case is None:
        raise ProblemError(Kind.VOUCHER_UNKNOWN)
    seen = _seen(session, centre, case, told, act)
    review = session.get(CaseReview, voucher_no)
    if case.state != CaseState.REJECTED or review is None:
        state = ZH[CaseState(case.state)]
        raise ProblemError(
            Kind.CASE_STATE_FORBIDS, clause=seen.clause, reason_zh=f"这笔业务{state}，不用补正"
        )
    parts = _parts(review)
    if not parts or not _here(session, centre.rules, case, parts):
        raise seen.no(Kind.MEND_AT_WINDOW, "这笔业务请带证件原件到服务窗口办理")
    work(Service(case.service), Applicant(case.applicant_kind)).stand(seen)
    _complete(session, seen, told, parts)
    _put_in(session, case, told, parts)
    review.login = review.reason = review.words = review.parts = None
    case.due_at = latest_issue(act.at).isoformat()
    move(session, case, CaseEvent.MEND, act.actor, act.at, parts=",".join(parts))
    return Answer(OK, _taken(seen, case).model_dump(mode="json"))


def _seen(session: Session, centre: Centre, case: Application, told: Mend, act: Act) -> Seen:
    """What the store says of the holder, if the paper shown is the holder's."""
    cell, today = _cell(centre.rules, case), act.at.date()
    asked = order_of(case).model_copy(
        update={"applicant": told.applicant, "agent": None, "channel": Channel.KIOSK}
    )
    checks.check_day(told.applicant, cell.clause, today, centre.rules.switches.accept_expired_days)
    number = number_of(told.applicant, cell.papers or NAMED_BY, cell, today)
    parties = Parties(cell, number)
    parties = with_holders(session, parties, asked, act.at, centre.rules.switches, HOLDERS)
    same = same_name(case.applicant["name"], told.applicant.name)
    if parties.number != case.number or not same:
        reason = "这不是申办人本人的证件，请放申办人的证件"
        raise ProblemError(Kind.MEND_NOT_THEIRS, clause=cell.clause, reason_zh=reason)
    person, cards = find_person(session, case.number), tuple(cards_of(session, case.number))
    return Seen(session, centre, parties, asked, person, cards, (), act.at)


def _cell(rules: Rules, case: Application) -> Cell:
    return rules.cell(Service(case.service), Applicant(case.applicant_kind), Channel.KIOSK)


def _parts(review: CaseReview) -> tuple[Part, ...]:
    return tuple(Part(part) for part in review.parts or ())


def _here(session: Session, rules: Rules, case: Application, parts: Iterable[Part]) -> bool:
    """A kiosk does the service, all parts are such as it can take, and nothing was paid back."""
    fee = fee_of(session, case.voucher_no)
    paid_back = fee is not None and fee.state is FeeState.REFUNDED
    return _cell(rules, case).allowed and Part.OTHER not in parts and not paid_back


def _complete(session: Session, seen: Seen, told: Mend, parts: tuple[Part, ...]) -> None:
    """Raise `MEND_PARTS` unless every part comes and nothing else."""
    kinds = {picture.kind for picture in told.images}
    came = {part for part, those in PICTURES.items() if kinds & those}
    came |= {Part.PHONE} if told.phone else set()
    came |= {Part.ADDRESS} if told.address else set()
    known = frozenset[str]().union(*PICTURES.values())
    marks = frozenset[str]().union(*(MARKS.get(part, frozenset()) for part in parts))
    twice = len(kinds) < len(told.images)
    if came != set(parts) or kinds - known or twice or set(told.marks) - marks:
        raise ProblemError(
            Kind.MEND_PARTS,
            f"Send {', '.join(parts)}, and nothing else.",
            clause=seen.clause,
            reason_zh="请按窗口的要求补正",
            parts=list(parts),
        )
    if told.phone and not check_phone(told.phone):
        raise ProblemError(Kind.PHONE_IMPOSSIBLE, reason_zh="手机号码格式不正确")
    checks.check_images(session, told.images)


def _put_in(session: Session, case: Application, told: Mend, parts: tuple[Part, ...]) -> None:
    """The parts in the place of the old ones; a picture nobody refers to is shredded in time."""
    gone = {kind for part in parts for kind in PICTURES.get(part, ())}
    marks = {mark for part in parts for mark in MARKS.get(part, ())}
    kept = [(image.kind, image.sha256) for image in case.images if image.kind not in gone]
    kept += [(picture.kind, picture.sha256) for picture in told.images]
    for image in case.images:
        session.delete(image)
    session.flush()
    session.add_all(
        ApplicationImage(voucher_no=case.voucher_no, position=at, kind=kind, sha256=sha256)
        for at, (kind, sha256) in enumerate(kept)
    )
    session.expire(case, ["images"])
    case.marks = [*(mark for mark in case.marks if mark not in marks), *told.marks]
    case.signature = "screen" if Part.SIGNATURE in parts else case.signature
    case.address = told.address or case.address
    if told.phone and isinstance(phone := check_phone(told.phone), str):
        case.phone = phone


def _taken(seen: Seen, case: Application) -> Taken:
    """The voucher once more, under its own number."""
    fee, cell = fee_of(seen.session, case.voucher_no), seen.parties.cell
    return Taken.model_validate(
        progress(case.state).model_dump()
        | {
            "voucher_no": case.voucher_no,
            "qr": seen.centre.codes.code(case.voucher_no),
            "submitted_at": case.submitted_at,
            "due_at": case.due_at,
            "window": case.window,
            "term": "on_spot" if case.service == Service.REPLACE_INDIVIDUAL else "24_hours",
            "voucher": cell.voucher,
            "fee_fen": fee.fen if fee else 0,
            "bring": [f"{Paper(case.applicant['paper']).zh}原件"],
        }
    )
