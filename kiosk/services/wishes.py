"""How to reach the person, which bank, which photo: a card is made with it (规程 1.1, 3.1)."""

from functools import partial

from kiosk.services.answers import (
    AddressSays,
    Agreed,
    BadPicture,
    KnownPhone,
    NoPhone,
    PhotoWish,
    Picture,
    Ready,
)
from kiosk.services.people import ELIGIBLE, applicant_paper, row
from kiosk.visit import Again, Fact, Facts, Patience, Step
from regulation.people import check_phone
from regulation.rules import Rules, Service

PHONE = Fact("phone", str)
ADDRESS = Fact("address", AddressSays)
BANK = Fact("bank", str)
WISH = Fact("portrait_choice", PhotoWish)
SOURCE = Fact("portrait_ready", Ready)
PORTRAIT = Fact("portrait", Picture)

PORTRAIT_STEPS = ("portrait_ready", "portrait_scan", "portrait", "portrait_keep")
WITHOUT = (PhotoWish.NONE, PhotoWish.KEEP)
"""The wishes that need no new photo."""


def known_address(facts: Facts) -> str:
    """The address of the chip, else the centre's; empty when neither has one."""
    paper, eligible = applicant_paper(facts), ELIGIBLE.of(facts)
    return (paper.address if paper else "") or (eligible.address if eligible else "")


def phone() -> tuple[Step, ...]:
    """The telephone: another, the one that is known already, or none."""
    answers = (str, NoPhone, KnownPhone)
    return (Step("phone", answers, check=_check_phone, patience=Patience.TYPING),)


def contact() -> tuple[Step, ...]:
    """The telephone and the address."""
    return (*phone(), Step("address", (AddressSays,)))


def bank() -> tuple[Step, ...]:
    """The bank of the card's account, free to choose (reading A24)."""
    return (Step("bank", (str,)),)


def portrait(rules: Rules, service: Service) -> tuple[Step, ...]:
    """The photo on the card: whether, where the row leaves it open, and the taking of it."""
    optional = partial(_left_open, rules, service)
    return (
        Step("portrait_choice", (PhotoWish,), when=optional),
        *portrait_taken(),
    )


def portrait_taken() -> tuple[Step, ...]:
    """The taking of the photo, by the camera or from a paper one, and whether it may serve."""
    patience = Patience.PHOTO
    return (
        Step("portrait_ready", (Ready,), when=_wanted, patience=patience),
        Step("portrait_scan", (Agreed,), when=_scanned, patience=patience),
        Step(
            "portrait",
            (Picture, BadPicture),
            work="take_portrait",
            auto=True,
            when=_wanted,
            check=_check_portrait,
            patience=patience,
        ),
        Step("portrait_keep", (Agreed,), when=_wanted, patience=patience),
    )


def _left_open(rules: Rules, service: Service, facts: Facts) -> bool:
    return row(rules, service, facts).photo != "required"


def _wanted(facts: Facts) -> bool:
    return WISH.of(facts) not in WITHOUT


def _scanned(facts: Facts) -> bool:
    source = SOURCE.of(facts)
    return _wanted(facts) and source is not None and source.source == "document_camera"


def _check_phone(_facts: Facts, answer: object) -> Again | None:
    if isinstance(answer, NoPhone | KnownPhone) or check_phone(str(answer)):
        return None
    return Again("phone_format")


def _check_portrait(_facts: Facts, answer: object) -> Again | None:
    return Again("F11", answer.reason) if isinstance(answer, BadPicture) else None
