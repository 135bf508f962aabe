"""Which card a service is about, and why: facts that a request to the centre names."""

from functools import partial

from kiosk.services.answers import Agreed, CardSeen
from kiosk.services.people import AGENT, ELIGIBLE, applicant_paper
from kiosk.visit import Fact, Facts, Step
from regulation.masks import mask_card
from regulation.papers import Paper
from regulation.reasons import Reason
from regulation.rules import Service

WHY = Fact("why", Reason)
"""Why the card is replaced."""

CARD = Fact("card_choice", CardSeen)
"""Which of several cards."""

IN_HAND = Fact("in_hand", Agreed)
"""The very card is shown, and is to be reported lost all the same (reading A13)."""

LOST = frozenset({"TEMPORARY_LOSS", "LOSS"})
"""The centre's words for a card that was reported lost."""

STATES = {
    Service.LOSS_REPORT: frozenset({"ACTIVE", "SEALED", "TEMPORARY_LOSS"}),
    Service.LOSS_CANCEL: LOST,
}
"""In which states a card may be the object of a service; of any other service any card may.

A card that is lost for a term may be reported again: it is then lost for good (reading A14).
"""


def which(service: Service) -> tuple[Step, ...]:
    """Which card, where a person has several that it may be about."""
    return (Step("card_choice", (CardSeen,), when=partial(_several, service)),)


def shown_again(service: Service) -> tuple[Step, ...]:
    """Whoever shows the very card that they report lost is asked whether they mean it (A13)."""
    return (Step("in_hand", (Agreed,), when=partial(in_hand, service)),)


def fitting(service: Service, facts: Facts) -> tuple[CardSeen, ...]:
    """The person's cards that the service may be about, as the centre told them.

    Who replaces a lost card means one that is reported lost, where there is one.
    """
    eligible, states = ELIGIBLE.of(facts), STATES.get(service)
    cards = eligible.cards if eligible else ()
    if states is not None:
        return tuple(card for card in cards if card.state in states)
    lost = tuple(card for card in cards if card.state in LOST)
    return lost if lost and WHY.of(facts) is Reason.LOST else cards


def chosen(service: Service, facts: Facts) -> CardSeen | None:
    """The card that is meant: the one chosen, or the only one there is."""
    return CARD.of(facts) or next(iter(fitting(service, facts)), None)


def in_hand(service: Service, facts: Facts) -> bool:
    """Whether an agent shows the very card: by the centre's word, of several by its number."""
    paper, eligible = applicant_paper(facts), ELIGIBLE.of(facts)
    if AGENT.of(facts) is None or paper is None or paper.paper is not Paper.SS_CARD:
        return False
    card = chosen(service, facts)
    if card is None or CARD.of(facts) is None:
        return eligible is not None and eligible.in_hand
    return card.number == mask_card(paper.number)


def _several(service: Service, facts: Facts) -> bool:
    return len(fitting(service, facts)) > 1
