"""解挂: a card that was found again comes back into use, by its holder or an agent (规程 6).

That the card was found may be proved by putting it in; whether it must be is a policy.
"""

from dataclasses import replace

from kiosk.services import cards, handing, people
from kiosk.services.answers import Agreed
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Service, Step
from regulation.papers import Paper
from regulation.rules import Cell, Channel, Rules
from regulation.rules import Service as Name


def loss_release(rules: Rules) -> Service:
    """The service under a table of rules."""
    name = Name.LOSS_CANCEL
    steps = (
        *people.whose(rules, name, notice=False),
        *people.present(rules, name, confirms=False),
        *cards.which(name),
        Step("confirm", (Agreed,)),
        *handing.signed(),
        *handing.handed_in(),
        *handing.slip(),
    )
    return Service(name, steps, REFERRAL_STEPS, retries)


def found_card_demanded(rules: Rules) -> Rules:
    """The rules of a kiosk where a loss is released by the found card alone, and by no other paper.

    The regulation's text does not ask for it (规程 6.1): `[service] release_needs_card`.
    """
    cells = {(cell.service, cell.applicant, cell.channel): _by_card(cell) for cell in rules.cells()}
    return Rules(rules.version, rules.switches, rules.words, cells)


def _by_card(cell: Cell) -> Cell:
    here = cell.service is Name.LOSS_CANCEL and cell.channel is Channel.KIOSK and cell.allowed
    return replace(cell, papers=(Paper.SS_CARD,)) if here else cell
