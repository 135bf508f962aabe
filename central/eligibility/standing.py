"""What may stand in the way of a service in the store: each check raises the problem that does.

The same for a question and for an application. `Seen` is what was looked up for the checks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.records import case_channel, open_application
from central.audit.records import SYSTEM
from central.batches.records import Batch, BatchMember, Clerk, live_membership
from central.batches.states import BatchState, MemberState
from central.batches.terms import ready_on
from central.cards import ledger
from central.cards.ledger import Act, digest, state_at
from central.cards.records import Card
from central.cards.states import KEYS, LOST, REASONS, CardEvent, CardState
from central.centre import Centre
from central.eligibility.parties import Asked, Parties
from central.people.records import Person
from central.problems import Kind, ProblemError
from central.schemas import Reason
from regulation.names import same_name
from regulation.rules import Applicant, Channel, Service

REPLACEMENT = "3.1"
BATCH_TO_SINGLE = "1.3"
BATCH_TERM = "1.2.3"
LOSS = "6.1"
REPLACED = "F18"
"""What the kiosk shows who would release a card in whose place another is made."""
_NO_LOSS: dict[CardEvent | None, tuple[str, str]] = {
    CardEvent.LAPSE: ("临时挂失到期，已自动解除", "F17"),
    CardEvent.RELEASE_LOSS: ("这张卡的挂失已经解除，不用再办", "loss_released"),
}
_NEVER_LOST = ("这张卡没有挂失，不用解挂", "not_lost")
"""Why nothing is lost, by what ended the loss, and what the kiosk shows."""
CARD_IN_HAND = "card_in_hand_confirmed"
"""The mark of an order whose agent holds the very card, and reports it lost all the same (A13)."""

MAKING = {
    Service.NEW_INDIVIDUAL: "您已提交过新办卡申请，请凭原凭证到窗口",
    Service.BATCH_TO_INDIVIDUAL: "您已申请批量转零星，请凭原凭证到窗口",
    Service.REPLACE_INDIVIDUAL: "您已申请补换卡，请凭原凭证到窗口",
}
"""The services whose case makes one card, and what a person reads who has such a case open."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who asks for what, and what the store says of the person at this moment.

    `about` are the states in which a card may be the service's object.
    """

    session: Session
    centre: Centre
    parties: Parties
    asked: Asked
    person: Person | None
    cards: tuple[Card, ...]
    about: tuple[CardState, ...]
    now: datetime
    marks: tuple[str, ...] = ()

    @property
    def clause(self) -> str:
        """The clause of the cell that allows it."""
        return self.parties.cell.clause

    @property
    def whose(self) -> Person:
        """The person. Raises `UNKNOWN_PERSON`, also where the name is another."""
        person = self.person
        if person is None or not same_name(person.name, self.asked.applicant.name):
            raise ProblemError(Kind.UNKNOWN_PERSON, clause=self.clause)
        return person

    @property
    def valid(self) -> list[Card]:
        """The cards that are not cancelled, one in use first."""
        return sorted(
            (card for card in self.cards if card.state.valid),
            key=lambda card: card.state is not CardState.ACTIVE,
        )

    @property
    def card(self) -> Card:
        """The card that is asked for, else the last the service fits, else any not cancelled.

        Raises `CARD_UNKNOWN` or `NO_CARD`.
        """
        if self.asked.card is not None:
            named = [card for card in self.cards if digest(card.number) == self.asked.card]
            if not named:
                raise ProblemError(Kind.CARD_UNKNOWN, reason_zh="没有查到这张社保卡")
            return named[0]
        fitting = [card for card in self.cards if state_at(card, self.now) in self.about]
        latest = sorted(fitting, key=lambda card: card.since or "", reverse=True)
        for card in latest or self.valid:
            return card
        raise self.no(Kind.NO_CARD, REASONS[CardState.NONE])

    def no(
        self, kind: Kind, reason: str, clause: str | None = None, key: str | None = None
    ) -> ProblemError:
        """The problem with the cell's clause, or another, and the reason a citizen reads.

        `key` is what the kiosk shows, where it is not the kind's own.
        """
        return ProblemError(kind, clause=clause or self.clause, reason_zh=reason, message_key=key)


Check = Callable[[Seen], None]


def known(seen: Seen) -> None:
    """The person is in the centre under this name."""
    _ = seen.whose


def insured(seen: Seen) -> None:
    """A first card is for who is insured in the city (reading A25)."""
    if not seen.whose.insured:
        raise ProblemError(Kind.NOT_INSURED, clause=seen.clause)


def without_card(seen: Seen) -> None:
    """Who has a card replaces it (规程 3.1)."""
    if seen.valid:
        raise ProblemError(Kind.HAS_CARD, clause=REPLACEMENT)


def nothing_open(seen: Seen) -> None:
    """No other case makes a card for this person."""
    if found := open_application(seen.session, tuple(MAKING), seen.parties.number):
        raise ProblemError(
            Kind.APPLICATION_OPEN,
            clause=seen.clause,
            reason_zh=MAKING[found[0]],
            voucher_no=found[1],
        )


def in_no_batch(seen: Seen) -> None:
    """A unit's batch has the card already (规程 1.3, 1.2.3)."""
    found = live_membership(seen.session, seen.parties.number)
    if found is None:
        return
    if found[0].state is BatchState.DATA_GENERATED:
        raise ProblemError(Kind.IN_BATCH_DATA_GENERATED, clause=BATCH_TO_SINGLE)
    raise _in_production(seen, found[0])


def leaves_batch(seen: Seen) -> None:
    """Data generated and not yet in production: then alone one may leave the batch (规程 1.3)."""
    found = live_membership(seen.session, seen.parties.number)
    if found is None:
        raise seen.no(Kind.NOT_IN_BATCH, "没有查到单位为您批量申领的记录，请按个人新办办理")
    if found[0].state is not BatchState.DATA_GENERATED:
        raise _in_production(seen, found[0])


def _in_production(seen: Seen, batch: Batch) -> ProblemError:
    day = ready_on(batch, seen.centre.calendar).isoformat()
    return ProblemError(Kind.IN_BATCH_IN_PRODUCTION, clause=BATCH_TERM, ready_on=day)


def has_card(seen: Seen) -> None:
    """There is a card that is not cancelled."""
    _ = seen.card


def in_use(seen: Seen) -> None:
    """The card is in use: neither sealed, lost, locked nor cancelled (规程 5)."""
    state = state_at(seen.card, seen.now)
    if state is not CardState.ACTIVE:
        raise seen.no(Kind.CARD_STATE_FORBIDS, REASONS[state], key=KEYS[state])


def reported_lost(seen: Seen) -> None:
    """A lost card is reported lost before another is made in its place (规程 3.1, 6)."""
    card = seen.card
    if seen.asked.reason is Reason.LOST and state_at(card, seen.now) not in LOST:
        reason = "这张卡还没有挂失，请先办理挂失，再办补领"
        raise seen.no(Kind.REPORT_LOSS_FIRST, reason, LOSS)


def replaceable(seen: Seen) -> None:
    """The card may give way to another."""
    _can(seen, seen.card, CardEvent.REPLACE)


def loss_event(seen: Seen, card: Card) -> CardEvent:
    """What a report is, by the setting; a temporary loss reported again is formal (A14)."""
    temporary = seen.centre.settings.loss_kind == "temporary"
    if temporary and state_at(card, seen.now) is not CardState.TEMPORARY_LOSS:
        return CardEvent.REPORT_TEMPORARY_LOSS
    return CardEvent.REPORT_LOSS


def losable(seen: Seen) -> None:
    """The card can be reported lost; one that is lost already is said to be."""
    card = seen.card
    _can(seen, card, loss_event(seen, card))


def not_in_hand(seen: Seen) -> None:
    """An agent who shows the very card is asked whether it is to be reported lost (reading A13)."""
    if in_hand(seen) and CARD_IN_HAND not in seen.marks:
        raise seen.no(Kind.CARD_IN_HAND, "您手中正是这张卡，仍要挂失吗？")


def in_hand(seen: Seen) -> bool:
    """Whether the paper shown is the card the service is about."""
    shown = seen.parties.shown
    return shown is not None and shown == seen.card.number


def releasable(seen: Seen) -> None:
    """The card is lost; one that was shown as the paper must be that very card (规程 6.1).

    A card in whose place another is being made is not found again before that is withdrawn.
    """
    _still_lost(seen)
    card = seen.card
    making = (Service.REPLACE_INDIVIDUAL,)
    if found := open_application(seen.session, making, seen.parties.number):
        raise ProblemError(
            Kind.APPLICATION_OPEN,
            clause=seen.clause,
            reason_zh="您的补换卡正在办理；卡已找到的，请先到服务窗口撤销补换卡，再办解挂",
            message_key=REPLACED,
            voucher_no=found[1],
        )
    if seen.parties.shown not in {None, card.number}:
        raise seen.no(Kind.HOLDER_CARD_UNUSABLE, "这不是挂失的那张卡，请改用身份证", key="F05")


def _still_lost(seen: Seen) -> None:
    """Why there is nothing to release: it lapsed, it was released, another card is there (F17-19).

    A card shown as the paper is the one meant, though it is not in use any more.
    """
    shown = next((card for card in seen.cards if card.number == seen.parties.shown), None)
    card = shown if shown is not None and not shown.state.valid else seen.card
    before = next((other for other in seen.cards if other.number == card.replaces), None)
    instead = before is not None and before.state_before in LOST
    if card.came_by is CardEvent.REPLACE or (card.state is CardState.ACTIVE and instead):
        reason = "已为您办理补换卡，旧卡不能解挂"
        raise seen.no(Kind.CARD_STATE_FORBIDS, reason, key=REPLACED)
    state = state_at(card, seen.now)
    if state in {CardState.ACTIVE, CardState.SEALED}:
        ended = CardEvent.LAPSE if ledger.has_lapsed(card, seen.now) else card.came_by
        reason, key = _NO_LOSS.get(ended, _NEVER_LOST)
        raise seen.no(Kind.CARD_STATE_FORBIDS, reason, key=key)
    _can(seen, card, CardEvent.RELEASE_LOSS)


def sealed(seen: Seen) -> None:
    """The card waits to be activated (规程 2.1); one it was made in place of will give way."""
    ledger.after(seen.card, CardEvent.ACTIVATE, seen.now, seen.clause)


def for_agents_online_alone(seen: Seen) -> None:
    """An agent activates cards that were applied for online (规程 2.2(1), reading A4)."""
    if seen.asked.applicant_kind is Applicant.SELF:
        return
    voucher_no = seen.card.voucher_no
    if voucher_no is None or case_channel(seen.session, voucher_no) != Channel.ONLINE.value:
        reason = "代办人只能启用网上申领的卡，这张卡请持卡人本人启用"
        raise seen.no(Kind.NOT_APPLIED_ONLINE, reason)


def locked(seen: Seen) -> None:
    """The card is locked (规程 7)."""
    _can(seen, seen.card, CardEvent.UNLOCK)


def cancellable(seen: Seen) -> None:
    """The card is not cancelled, and no other is being made in its place (规程 9)."""
    nothing_open(seen)
    _can(seen, seen.card, CardEvent.CANCEL)


def cancelled_alone(seen: Seen) -> None:
    """The card was cancelled, and the person has no other (规程 9)."""
    if seen.valid:
        raise seen.no(Kind.ANOTHER_CARD_ACTIVE, "您名下已有另一张有效的社保卡")
    nothing_open(seen)
    _can(seen, seen.card, CardEvent.ROLL_BACK)


def clerk_known(seen: Seen) -> None:
    """The clerk may act for a unit (failure F43)."""
    if not clerk_units(seen):
        raise seen.no(Kind.CLERK_NOT_OF_UNIT, "没有查到您的单位经办人登记")
    if seen.person is not None:
        _ = seen.whose


def clerk_units(seen: Seen) -> list[str]:
    """The units the clerk may act for."""
    rows = select(Clerk.unit).where(Clerk.id_number == seen.parties.number).order_by(Clerk.unit)
    return list(seen.session.scalars(rows))


def handed_over(seen: Seen, number: str) -> Card:
    """The sealed card of a person that a batch of the clerk's unit brought (规程 2.1(2)).

    Raises `MEMBER_UNKNOWN`.
    """
    found = seen.session.scalars(
        select(Card)
        .join(BatchMember, BatchMember.card_number == Card.number)
        .join(Batch, Batch.batch_no == BatchMember.batch_no)
        .where(
            Batch.unit.in_(clerk_units(seen)),
            BatchMember.id_number == number,
            BatchMember.state == MemberState.HANDED_OVER,
        )
    ).first()
    if found is None:
        raise seen.no(Kind.MEMBER_UNKNOWN, "名单中有人没有本单位批量领取、待启用的卡")
    return found


def _can(seen: Seen, card: Card, event: CardEvent) -> None:
    ledger.check(seen.session, card, event, Act(SYSTEM, seen.now, seen.clause))
