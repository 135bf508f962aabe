"""What each service is: what must stand, what an order must hold, what it does. A row a service.

Who may have it, where and with which papers is the regulation's table alone (`config/rules.toml`).
"""

from dataclasses import dataclass

from central.applications import effects, needs
from central.applications.effects import Effect
from central.applications.needs import Need
from central.cards.states import LOST, CardEvent, CardState
from central.eligibility import standing
from central.eligibility.shown_card import HOLDERS
from central.eligibility.standing import Check, Seen
from central.notices.kinds import NoticeKind
from regulation.rules import Applicant, Service


@dataclass(frozen=True, slots=True)
class Work:
    """A service.

    `stands` are the checks in their order, `needs` what an order must hold, `effect` what is done
    in the transaction that takes it. `makes_card`: the case stays open for the window; any other
    is done at once. `about` are the states in which a card is its object, `shown` those in which
    the holder's own card serves as the paper. `notice` is what the holder's own phone is told.
    """

    service: Service
    stands: tuple[Check, ...]
    needs: tuple[Need, ...] = ()
    effect: Effect | None = None
    makes_card: bool = False
    about: tuple[CardState, ...] = ()
    shown: frozenset[CardState] = HOLDERS
    notice: NoticeKind | None = None

    def stand(self, seen: Seen) -> None:
        """Raise the first problem that stands in the way."""
        for check in self.stands:
            check(seen)


_S = CardState
_ANY = frozenset(CardState) - {_S.NONE}

_ROWS = (
    Work(
        Service.NEW_INDIVIDUAL,
        (
            standing.known,
            standing.insured,
            standing.without_card,
            standing.nothing_open,
            standing.in_no_batch,
        ),
        (needs.bank, needs.pages, needs.delivery),
        makes_card=True,
    ),
    Work(
        Service.BATCH_TO_INDIVIDUAL,
        (
            standing.known,
            standing.without_card,
            standing.nothing_open,
            standing.leaves_batch,
        ),
        effect=effects.leave_batch,
        makes_card=True,
    ),
    Work(
        Service.REPLACE_INDIVIDUAL,
        (
            standing.known,
            standing.has_card,
            standing.nothing_open,
            standing.reported_lost,
            standing.replaceable,
        ),
        (needs.reason,),
        makes_card=True,
        shown=HOLDERS | LOST,  # a card found again still serves to have it replaced
    ),
    Work(
        Service.ACTIVATE,
        (standing.known, standing.sealed, standing.for_agents_online_alone),
        effect=effects.activate,
        about=(_S.SEALED,),
        notice=NoticeKind.CARD_ENABLED,
    ),
    Work(
        Service.INFO_CHANGE,
        (standing.known, standing.has_card),
        (needs.contact,),
        effects.change_contact,
    ),
    Work(
        Service.PIN_CHANGE,
        (standing.known, standing.in_use),
        effect=effects.record_pin,
        about=(_S.ACTIVE,),
    ),
    Work(
        Service.PIN_RESET,
        (standing.known, standing.in_use),
        effect=effects.record_pin,
        about=(_S.ACTIVE,),
    ),
    Work(
        Service.LOSS_REPORT,
        (standing.known, standing.losable, standing.not_in_hand),
        effect=effects.report_loss,
        about=(_S.ACTIVE, _S.SEALED),
        notice=NoticeKind.LOSS_REPORTED,
    ),
    Work(
        Service.LOSS_CANCEL,
        (standing.known, standing.releasable),
        effect=effects.befalls(CardEvent.RELEASE_LOSS),
        about=(_S.TEMPORARY_LOSS, _S.LOSS),
        shown=_ANY,  # a card that was replaced is told so
        notice=NoticeKind.LOSS_RELEASED,
    ),
    Work(
        Service.UNLOCK,
        (standing.known, standing.locked),
        effect=effects.befalls(CardEvent.UNLOCK),
        about=(_S.LOCKED,),
    ),
    Work(Service.STATUS_QUERY, (standing.known,), shown=_ANY),
    Work(
        Service.CANCEL,
        (standing.known, standing.cancellable),
        effect=effects.befalls(CardEvent.CANCEL),
        about=(_S.ACTIVE,),
        shown=HOLDERS | LOST,
    ),
    Work(
        Service.ROLLBACK,
        (standing.known, standing.cancelled_alone),
        effect=effects.befalls(CardEvent.ROLL_BACK),
        about=(_S.CANCELLED,),
        shown=_ANY,
    ),
)

_CLERKS = (
    Work(Service.NEW_BATCH, (standing.clerk_known,), (needs.batch_route,)),
    Work(Service.REPLACE_BATCH, (standing.clerk_known,), (needs.batch_route,)),
    Work(
        Service.ACTIVATE,
        (standing.clerk_known,),
        (needs.members,),
        effects.activate_members,
    ),
)
"""What a unit's clerk has done for the unit (规程 1.2, 2.1(2), 3.2)."""

_WORKS = {row.service: row for row in _ROWS}
_CLERKS_WORKS = {row.service: row for row in _CLERKS}


def work(service: Service, applicant: Applicant) -> Work:
    """The row of a service; a clerk's services have their own.

    A cell that the table refuses has one too: its checks are never come to.
    """
    rows = _CLERKS_WORKS if applicant is Applicant.UNIT_CLERK else _WORKS
    return rows.get(service) or _WORKS.get(service) or _CLERKS_WORKS[service]
