"""What an application must hold beyond what was asked before: each refusal with its clause."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from central.applications.schemas import Order, Party, Picture
from central.eligibility.parties import Parties, birth_of, check_age
from central.images.service import unknown
from central.problems import Kind, ProblemError
from regulation.people import check_phone, check_valid_until, is_valid_on
from regulation.rules import Rules

_PHOTO_NEEDED = frozenset({"required", "required_image"})
_ON_GLASS = frozenset({"screen", "pad"})
_SIGNED = frozenset({"screen", "window", "pad_or_paper", "per_window"})
"""The table's words for a service that is signed: on glass, or on a form the window keeps."""


def check(order: Order, parties: Parties, rules: Rules, today: date) -> None:
    """Raise the first problem of the papers, the phone, the portrait or the signature."""
    clause = parties.cell.clause
    switches = rules.switches
    for party in (order.applicant, order.agent):
        if party is not None:
            check_day(party, clause, today, switches.accept_expired_days)
    _birth(order.applicant, parties, today, switches.minor_age)
    if order.agent is not None:
        told = birth_of(order.agent.paper, parties.agent_number or "", today)
        _told_birth(order.agent, told, today)
    if order.phone is not None and not check_phone(order.phone):
        raise ProblemError(Kind.PHONE_IMPOSSIBLE, reason_zh="手机号码格式不正确")
    shown = {picture.kind for picture in order.images}
    wanted = parties.cell.photo in _PHOTO_NEEDED or order.portrait == "change"
    if wanted and "portrait" not in shown:
        raise ProblemError(Kind.PORTRAIT_MISSING, clause=clause)
    if order.signature in _ON_GLASS and "signature" not in shown:
        raise ProblemError(Kind.SIGNATURE_MISSING, clause=clause)
    if order.signature == "none" and parties.cell.sign in _SIGNED:
        raise ProblemError(Kind.SIGNATURE_MISSING, "Say where it is signed.", clause=clause)


def check_images(session: Session, pictures: Sequence[Picture]) -> None:
    """Raise `IMAGE_UNKNOWN` when a picture named was never sent."""
    if unknown(session, {picture.sha256 for picture in pictures}):
        raise ProblemError(Kind.IMAGE_UNKNOWN)


def check_day(party: Party, clause: str, today: date, grace: int) -> None:
    """Refuse a paper past its last day: 规程 1.1.1 asks for the original (reading A26)."""
    if party.valid_to is None:
        return
    if not isinstance(check_valid_until(party.valid_to), date):
        raise ProblemError(Kind.VALIDITY_UNREADABLE, clause=clause)
    if not is_valid_on(party.valid_to, today, grace):
        raise ProblemError(Kind.PAPER_EXPIRED, clause=clause)


def _birth(party: Party, parties: Parties, today: date, minor_age: int) -> None:
    """The birth date told, where the number tells none, decides the age too."""
    told = _told_birth(party, birth_of(party.paper, parties.number, today), today)
    if told is not None:
        check_age(parties.cell, told, today, minor_age)


def _told_birth(party: Party, in_number: date | None, today: date) -> date | None:
    """The birth date told apart from the number; it must be a day, and agree with the number."""
    if party.birth is None:
        return None
    told = check_valid_until(party.birth)
    if not isinstance(told, date) or told > today or in_number not in {None, told}:
        raise ProblemError(Kind.BIRTH_CONTRADICTS)
    return told
