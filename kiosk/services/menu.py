"""Tap first: what whoever laid a paper down can do now, best first, and everything else.

The paper is theirs: who the service is for is answered by it. Somebody else's business is one tap
away, and what cannot be done is told why (services.md 9.1).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.services.answers import TAPPED, TODAY, CardSeen
from kiosk.services.cards import LOST
from kiosk.services.failures import retries
from kiosk.services.reprint import Claim
from kiosk.visit import Fact, Facts, Refusal, Service, Step
from regulation.rules import Service as Name

MENU = "menu"
MENDING, REPRINT = "mending", "reprint"
"""What else may be offered, beside the services of the table."""


class Turn(StrEnum):
    """Where the person turns to, when it is not one of the offers."""

    ANOTHER = "for_another"
    OTHERS = "others"
    ELSEWHERE = "elsewhere"


TURN = Fact("menu", Turn)
FURTHER = Fact("others", Turn)
"""From the list of what cannot be done now to the services of other places."""


@dataclass(frozen=True, slots=True)
class Mendable:
    """A case that a window sent back: its `parts` are asked for again.

    `reason` is what the clerk told the citizen; `here`: all of it can be mended at a kiosk.
    """

    voucher_no: str
    service: Name
    parts: tuple[str, ...]
    reason: str
    here: bool


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A case that is not over: its voucher's number, and how far it is, in both languages."""

    voucher_no: str
    progress_zh: str
    progress_en: str


@dataclass(frozen=True, slots=True)
class Overview:
    """How every service stands for the person: what stands in its way, None where nothing does.

    `asked`: the centre answered; else the table alone did, and nobody knows of any card. `claim`
    is the slip of the last 24 hours.
    """

    standings: tuple[tuple[Name, Refusal | None], ...]
    asked: bool = True
    cards: tuple[CardSeen, ...] = ()
    cases: tuple[OnItsWay, ...] = ()
    mendable: Mendable | None = field(default=None, repr=False)
    claim: Claim | None = None

    def stands(self, name: Name) -> Refusal | None:
        """What stands in a service's way."""
        return dict(self.standings)[name]

    def can(self, name: Name) -> bool:
        """Whether it can be done now."""
        return self.stands(name) is None


OVERVIEW = Fact("overview", Overview)
BLOCKED = Fact("pin_blocked", bool)
"""The PIN of the card that was put in has no tries left."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something this person can do now: a service, why it is offered, and the card it is about."""

    name: str
    why: str
    card: CardSeen | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """An offer, and whether it holds; about the first card whose state is one of `states`."""

    name: str
    why: str
    when: Callable[[Overview, Facts], bool]
    states: frozenset[str] = frozenset()


def _can(name: Name) -> Callable[[Overview, Facts], bool]:
    return lambda seen, _facts: seen.can(name)


def _is(name: Name, code: str) -> Callable[[Overview, Facts], bool]:
    def told(seen: Overview, _facts: Facts) -> bool:
        why = seen.stands(name)
        return why is not None and why.code == code

    return told


def _blocked(seen: Overview, facts: Facts) -> bool:
    return seen.can(Name.PIN_RESET) and BLOCKED.of(facts) is True


def _sent_back(seen: Overview, _facts: Facts) -> bool:
    return seen.mendable is not None and seen.mendable.here


def _claimed(seen: Overview, _facts: Facts) -> bool:
    return seen.claim is not None


def _always(_seen: Overview, _facts: Facts) -> bool:
    return True


IN_USE, SEALED = frozenset({"ACTIVE"}), frozenset({"SEALED"})
LOCKED, FOR_A_TERM = frozenset({"LOCKED"}), frozenset({"TEMPORARY_LOSS"})

OFFERS = (
    _Row(MENDING, "sent_back", _sent_back),
    _Row(REPRINT, "printed", _claimed),
    _Row(Name.PIN_RESET, "blocked", _blocked),
    _Row(Name.BATCH_TO_INDIVIDUAL, "in_batch", _is(Name.NEW_INDIVIDUAL, "F13")),
    _Row(Name.NEW_INDIVIDUAL, "no_card", _can(Name.NEW_INDIVIDUAL)),
    _Row(Name.LOSS_CANCEL, "lost", _can(Name.LOSS_CANCEL), LOST),
    _Row(Name.REPLACE_INDIVIDUAL, "lost", _can(Name.REPLACE_INDIVIDUAL), LOST),
    _Row(Name.LOSS_REPORT, "for_a_term", _can(Name.LOSS_REPORT), FOR_A_TERM),
    _Row(Name.ACTIVATE, "sealed", _always, SEALED),
    _Row(Name.UNLOCK, "locked", _always, LOCKED),
    _Row(Name.LOSS_REPORT, "in_use", _can(Name.LOSS_REPORT), IN_USE | SEALED),
    _Row(
        Name.REPLACE_INDIVIDUAL, "in_use", _can(Name.REPLACE_INDIVIDUAL), IN_USE | SEALED | LOCKED
    ),
    _Row(Name.PIN_CHANGE, "in_use", _can(Name.PIN_CHANGE), IN_USE),
    _Row(Name.PIN_RESET, "in_use", _can(Name.PIN_RESET), IN_USE),
    _Row(Name.NEW_BATCH, "clerk", _can(Name.NEW_BATCH)),
)
"""What may be offered to somebody of whom the centre knows, best first; each service once."""

HERE_BY_TABLE = (
    *(Name.NEW_INDIVIDUAL, Name.REPLACE_INDIVIDUAL, Name.LOSS_REPORT, Name.LOSS_CANCEL),
    *(Name.PIN_CHANGE, Name.PIN_RESET),
)
"""What is offered while the centre does not answer, in the order of the home screen."""

ELSEWHERE = (
    *(Name.ACTIVATE, Name.STATUS_QUERY, Name.UNLOCK, Name.INFO_CHANGE, Name.BATCH_TO_INDIVIDUAL),
    *(Name.REPLACE_BATCH, Name.CANCEL, Name.ROLLBACK),
)
"""What the regulation does not name the kiosk for: reached all the same, told where it is done."""


def offers(facts: Facts) -> tuple[Offer, ...]:
    """What the person can do now, best first."""
    seen = OVERVIEW.of(facts)
    if seen is None:
        return ()
    if not seen.asked:
        claim = (Offer(REPRINT, "printed"),) if seen.claim else ()
        return (*claim, *(Offer(name, "") for name in HERE_BY_TABLE if seen.can(name)))
    found: dict[str, Offer] = {}
    for row in OFFERS:
        card = next((card for card in seen.cards if card.state in row.states), None)
        if row.name not in found and row.when(seen, facts) and (card or not row.states):
            found[row.name] = Offer(row.name, row.why, card)
    rest = (name for name in HERE_BY_TABLE if name not in found and seen.can(name))
    return (*found.values(), *(Offer(name, "") for name in rest))


def refused(facts: Facts) -> tuple[tuple[Name, Refusal], ...]:
    """What a kiosk does, and not for this person now: with what stands in the way."""
    seen, offered = OVERVIEW.of(facts), {offer.name for offer in offers(facts)}
    return tuple(
        (name, why)
        for name, why in (seen.standings if seen else ())
        if why is not None and name not in offered and name not in ELSEWHERE
    )


def known(facts: Facts) -> Facts:
    """What is known of the person before anything is chosen, and stays so for every choice."""
    names = (TODAY.name, TAPPED.name, OVERVIEW.name, BLOCKED.name)
    return {name: facts[name] for name in names if name in facts}


def _tapped(facts: Facts) -> bool:
    return TAPPED.of(facts) is not None


def _turned(turn: Turn) -> Callable[[Facts], bool]:
    return lambda facts: turn in (TURN.of(facts), FURTHER.of(facts))


MENU_SERVICE = Service(
    MENU,
    (
        Step("overview", (Overview,), work="overview", auto=True, when=_tapped),
        Step("menu", (Turn,), when=_tapped),
        Step("others", (Turn,), when=_turned(Turn.OTHERS)),
        Step("for_another", (Turn,), when=_turned(Turn.ANOTHER)),
        Step("elsewhere", (Turn,), when=_turned(Turn.ELSEWHERE)),
    ),
    refused=(),
    retries=retries,
)
"""A page of tiles each: what is chosen there begins a visit of its own."""
