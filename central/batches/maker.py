"""What goes to the cards' maker and what comes back: data, production list, results.

The list holds exactly what a card shows and its bank needs to know it by; no phone, no address.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.batches.faults import RowFault, fault
from central.batches.ledger import move, note, put
from central.batches.production import ALONE
from central.batches.records import Batch, BatchImage, BatchMember, members_of
from central.batches.states import BatchEvent, BatchState, MemberState
from central.cards.ledger import Act
from central.cards.records import card_holders
from central.issuance.numbers import next_number
from central.problems import Kind, ProblemError
from regulation.card_list.faults import Fault
from regulation.papers import Paper

LIST_HEAD = (
    "批次号",
    "序号",
    "卡号",
    "姓名",
    "证件类型",
    "证件号码",
    "民族",
    "证件有效期止",
    "制卡银行",
    "照片SHA256",
)
TO_MAKE = frozenset({MemberState.LISTED, MemberState.FAILED})
MADE, FAILED = "made", "failed"
_IDENTIFIER = r"([0-9A-F]{2}){16}"  # 卡识别码, 16 bytes: LD/T 32 EF05 field 01
_CODE = r"[0-9A-Za-z-]{1,32}"


@dataclass(frozen=True, slots=True)
class Result:
    """What the maker says of a member: `made` with the card, or `failed` with the maker's code."""

    line: int
    outcome: str
    card_number: str = field(default="", repr=False)
    identifier: str = field(default="", repr=False)
    reason: str = ""


def generate(session: Session, batch: Batch, region: str, act: Act) -> None:
    """Make the cards' data; from now until production a person may leave for a single card."""
    move(session, batch, BatchEvent.GENERATE, act)
    listed = [each for each in members_of(session, batch.batch_no) if each.state in TO_MAKE]
    number_cards(session, listed, region)


def number_cards(session: Session, members: Iterable[BatchMember], region: str) -> None:
    """Give each member without one the region's next card number."""
    waiting = [each for each in members if each.card_number is None]
    for each in waiting[:1]:
        each.card_number = next_number(session, region)  # a new series begins with it
        session.flush()
    with session.no_autoflush:  # else each number writes the member before it
        for each in waiting[1:]:
            each.card_number = next_number(session, region)


def production_list(session: Session, batch: Batch, region: str, act: Act) -> str:
    """The list for the maker as CSV, an audited act: those whose card is still to be made.

    A card that failed has a fresh number: the old one may stand on a spoiled blank.

    Raises `BATCH_STATE_FORBIDS` outside production, and `SECOND_PERSON_NEEDED` where it has more
    than 50 people and nobody approved (`let_out`); an approval is good for one list.
    """
    if batch.state is not BatchState.IN_PRODUCTION:
        raise ProblemError(Kind.BATCH_STATE_FORBIDS, reason_zh="送制卡以后才有制卡清单")
    members = [each for each in members_of(session, batch.batch_no) if each.state in TO_MAKE]
    if needs_second_person(batch, len(members)):
        raise ProblemError(
            Kind.SECOND_PERSON_NEEDED, reason_zh=f"超过{ALONE}人的清单须另一位负责人同意"
        )
    number_cards(session, members, region)
    note(session, batch, "exported", act, members=len(members), approved_by=batch.export_by)
    batch.export_by = None
    return _csv(members, _portraits(session, batch.batch_no))


def needs_second_person(batch: Batch, members: int) -> bool:
    """Whether the list may not go out yet."""
    return members > ALONE and batch.export_by is None


def let_out(session: Session, batch: Batch, act: Act) -> None:
    """Let the next list out, as a second person."""
    batch.export_by = act.actor.id
    note(session, batch, "export_approved", act)


def take_results(session: Session, batch: Batch, results: list[Result], act: Act) -> int:
    """Take what the maker says, whole or not at all; how many members it changed.

    The same results again change nothing. Raises `BATCH_ROWS_WRONG` with the lines' faults.
    """
    if batch.state is not BatchState.IN_PRODUCTION:
        raise ProblemError(Kind.BATCH_STATE_FORBIDS, reason_zh="批次不在制卡中，不能导入结果")
    members = {each.line: each for each in members_of(session, batch.batch_no)}
    fresh = {
        row: each
        for row, each in enumerate(results, 1)
        if not _told_before(members.get(each.line), each)
    }
    faults = [*_judge(results, members), *_taken(session, fresh)]
    if faults:
        raise ProblemError(
            Kind.BATCH_ROWS_WRONG,
            reason_zh=f"{len({each.row for each in faults})}行有问题，请核对制卡结果",
            faults=[each.model_dump() for each in faults],
        )
    for each in fresh.values():
        _apply(members[each.line], each, act)
    if fresh:
        made = sum(each.outcome == MADE for each in fresh.values())
        note(session, batch, "results", act, made=made, failed=len(fresh) - made)
    return len(fresh)


def _apply(member: BatchMember, result: Result, act: Act) -> None:
    if result.outcome == MADE:
        put([member], MemberState.MADE, act)
        member.identifier, member.problem = result.identifier, None
        return
    if member.state is not MemberState.FAILED:
        put([member], MemberState.FAILED, act)
    member.card_number, member.problem = None, result.reason


def _told_before(member: BatchMember | None, result: Result) -> bool:
    if member is None:
        return False
    if result.outcome == MADE:
        told = (MemberState.MADE, result.card_number, result.identifier)
        return told == (member.state, member.card_number, member.identifier)
    return (member.state, member.problem) == (MemberState.FAILED, result.reason)


def _judge(results: Iterable[Result], members: dict[int, BatchMember]) -> Iterator[RowFault]:
    """What is wrong with the results by themselves; `row` is their place in the file."""
    seen: dict[tuple[str, str | int], int] = {}
    for row, result in enumerate(results, 1):
        member = members.get(result.line)
        told = member is not None and _told_before(member, result)
        if member is None or (member.state not in TO_MAKE and not told):
            yield fault(row, "line", Fault.NOT_TO_MAKE)
        elif result.outcome == MADE and result.card_number != member.card_number:
            yield fault(row, "card_number", Fault.NOT_THE_LISTS)
        for field_, what in faults_of(result):
            yield fault(row, field_, what)
        for key in ("line", "card_number", "identifier"):
            value = getattr(result, key)
            if value and seen.setdefault((key, value), row) != row:
                yield fault(row, key, Fault.REPEATED, seen[key, value])


def faults_of(result: Result) -> Iterator[tuple[str, Fault]]:
    """What one result has wrong by itself: fields and faults."""
    if result.outcome == MADE:
        if not re.fullmatch(_IDENTIFIER, result.identifier):
            yield "identifier", Fault.CHARACTERS if result.identifier else Fault.MISSING
    elif result.outcome != FAILED:
        yield "outcome", Fault.NOT_A_CHOICE
    elif not re.fullmatch(_CODE, result.reason):
        yield "reason", Fault.CHARACTERS if result.reason else Fault.MISSING


def _taken(session: Session, results: dict[int, Result]) -> Iterator[RowFault]:
    """Blanks that are somebody's card already, in hand or in another batch."""
    made = {row: each.identifier for row, each in results.items() if each.outcome == MADE}
    identifiers = set(made.values())
    used = set(card_holders(session, set(), identifiers))
    listed = select(BatchMember.identifier).where(BatchMember.identifier.in_(identifiers))
    used.update(each for each in session.scalars(listed) if each)
    for row, identifier in made.items():
        if identifier in used:
            yield fault(row, "identifier", Fault.USED)


def _portraits(session: Session, batch_no: str) -> dict[int, str]:
    shown = select(BatchImage.line, BatchImage.sha256).where(
        BatchImage.batch_no == batch_no, BatchImage.kind == "portrait"
    )
    return dict(session.execute(shown).all())


def _csv(members: list[BatchMember], portraits: dict[int, str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(LIST_HEAD)
    for each in members:
        paper = Paper(each.data["paper"]).zh if each.data else ""
        told = (each.data.get(key, "") for key in ("ethnicity", "valid_to", "bank"))
        who = (each.batch_no, each.line, each.card_number, each.name, paper, each.id_number)
        writer.writerow((*who, *told, portraits.get(each.line, "")))
    return out.getvalue()
