"""Units' batches at the window: the queue, a batch with its people, and what is done with it."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.codes import is_code
from central.audit.chain import append
from central.batches import maker, pick_up, production, service
from central.batches.card_list import read_results
from central.batches.ledger import load
from central.batches.records import Batch, count_members, find_unit, members_of
from central.batches.states import MEMBER_ZH, WAYS, ZH, BatchState, MemberState
from central.cards.ledger import Act
from central.centre import Centre, Here
from central.console.access import Clerk, SignedIn
from central.console.approvals import Approval, approvable, ask
from central.console.batch_forms import FAULT_WORDS, Shown, Upload, keep_letter
from central.console.render import go, page
from central.console.words import N_, service_names
from central.problems import Kind, ProblemError
from regulation.vouchers import is_voucher_number

router = APIRouter(prefix="/console/batches")

PATH = "/console/batches"
SHOWN = 25
MEMBERS = 100
TABS = tuple(BatchState)

BatchNo = Annotated[str, Path(max_length=40)]

STEPS = {
    "accept": (production.accept, N_("已受理")),
    "withdraw": (production.withdraw, N_("已按单位的要求撤销")),
    "produce": (production.produce, N_("已送制卡，名单不再变动")),
    "finish": (production.finish, N_("已完成制卡，可以领取")),
}
"""Acts that need nothing but the batch."""


class Receipt(BaseModel):
    """A payment or its return, by the number of its receipt."""

    what: Annotated[str, StringConstraints(pattern="^(settle|refund)$")]
    receipt: Annotated[str, StringConstraints(max_length=40, pattern="^[0-9A-Za-z-]+$")]


class Collecting(Shown):
    """Who comes for the cards, and whether the letter's seal was seen."""

    seal_seen: bool = False


@approvable("batch.export", N_("导出超过50人的制卡清单"))
def let_out(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    """Let a long list out."""
    maker.let_out(session, load(session, approval.target), Act(second.actor, centre.clock()))


@router.get("")
def get_batches(
    request: Request,
    user: Clerk,
    centre: Here,
    state: BatchState | None = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The outlet's batches, the newest first."""
    rows = select(Batch).where(Batch.outlet == user.outlet)
    if state is not None:
        rows = rows.where(Batch.state == state)
    with centre.database.read() as session:
        found, later = service.turn(session, rows, after, SHOWN)
        counts = {each.batch_no: count_members(session, each.batch_no) for each in found}
        units = {each.unit: find_unit(session, each.unit) for each in found}
    return page(
        request,
        user,
        "batches/queue.html",
        found=found,
        counts=counts,
        units=units,
        later=later,
        after=after,
        state=state,
        tabs=TABS,
        states=ZH,
        services=service_names(centre.rules),
        today=centre.clock().date().isoformat(),
    )


@router.post("/find")
def post_find(
    request: Request, _user: Clerk, centre: Here, text: Annotated[str, Form(max_length=200)]
) -> Response:
    """The batch of a voucher that was scanned, or of a number that was typed."""
    typed = text.strip()
    if is_code(typed):
        typed = centre.codes.read(typed) or ""
    typed = typed.upper()
    if not is_voucher_number(typed):
        raise ProblemError(Kind.BATCH_UNKNOWN, reason_zh="没有这个批次，请核对凭证号或重新扫描")
    with centre.database.read() as session:
        load(session, typed)
    return go(request, f"{PATH}/{typed}")


@router.get("/{batch_no}")
def get_batch(
    request: Request,
    user: Clerk,
    centre: Here,
    batch_no: BatchNo,
    line: Annotated[int, Query(ge=0, le=9999)] = 0,
) -> Response:
    """A batch and some of its people, masked; that somebody looked is written down."""
    with centre.database.write() as session:
        batch = load(session, batch_no)
        append(session, centre.clock(), user.actor, "batch.viewed", batch_no, outlet=user.outlet)
        found = members_of(session, batch_no, line, MEMBERS + 1)
        counts, unit = count_members(session, batch_no), find_unit(session, batch.unit)
        owed = production.owed(session, batch)
    return page(
        request,
        user,
        "batches/batch.html",
        batch=batch,
        unit=unit,
        counts=counts,
        members=found[:MEMBERS],
        later=found[MEMBERS - 1].line if len(found) > MEMBERS else None,
        member_states=MEMBER_ZH,
        state=ZH[batch.state],
        service=service_names(centre.rules)[batch.service],
        may={event.value for state, event in WAYS if state is batch.state},
        elsewhere=batch.outlet != user.outlet,
        owed=owed,
        made=counts.get(MemberState.MADE, 0),
    )


@router.post("/{batch_no}/step/{step}")
def post_step(
    request: Request,
    user: Clerk,
    centre: Here,
    batch_no: BatchNo,
    step: Annotated[str, Path(max_length=16)],
) -> Response:
    """An act that needs nothing but the batch."""
    if step not in STEPS:
        raise ProblemError(Kind.NOT_FOUND)
    do, words = STEPS[step]
    with centre.database.write() as session:
        do(session, load(session, batch_no, user.outlet), Act(user.actor, centre.clock()))
    return go(request, f"{PATH}/{batch_no}", words)


@router.post("/{batch_no}/generate")
def post_generate(request: Request, user: Clerk, centre: Here, batch_no: BatchNo) -> Response:
    """The cards' data; from now until production a person may leave for a single card (1.3)."""
    with centre.database.write() as session:
        batch, act = load(session, batch_no, user.outlet), Act(user.actor, centre.clock())
        maker.generate(session, batch, centre.settings.region, act)
    return go(request, f"{PATH}/{batch_no}", N_("已产生制卡数据"))


@router.post("/{batch_no}/reject")
def post_reject(
    request: Request,
    user: Clerk,
    centre: Here,
    batch_no: BatchNo,
    reason: Annotated[str, Form(min_length=2, max_length=200)],
) -> Response:
    """Back to the unit, with a reason it understands."""
    with centre.database.write() as session:
        batch = load(session, batch_no, user.outlet)
        production.reject(session, batch, reason.strip(), Act(user.actor, centre.clock()))
    return go(request, f"{PATH}/{batch_no}", N_("已退回，请把原因告诉单位"))


@router.post("/{batch_no}/fee")
def post_fee(
    request: Request,
    user: Clerk,
    centre: Here,
    batch_no: BatchNo,
    told: Annotated[Receipt, Form()],
) -> Response:
    """The fee of a replacement, taken or paid back."""
    with centre.database.write() as session:
        batch, act = load(session, batch_no, user.outlet), Act(user.actor, centre.clock())
        do = production.settle if told.what == "settle" else production.refund
        do(session, batch, told.receipt, act)
    return go(request, f"{PATH}/{batch_no}", N_("已登记票据"))


@router.post("/{batch_no}/export")
def post_export(request: Request, user: Clerk, centre: Here, batch_no: BatchNo) -> Response:
    """The list for the maker; a long one once a second person approved it."""
    with centre.database.write() as session:
        batch = load(session, batch_no, user.outlet)
        members = sum(count_members(session, batch_no).get(each, 0) for each in maker.TO_MAKE)
        asked = maker.needs_second_person(batch, members)
        if asked:
            ask(session, centre.clock(), user, "batch.export", batch_no, members=members)
            text = ""
        else:
            act = Act(user.actor, centre.clock())
            text = maker.production_list(session, batch, centre.settings.region, act)
    if asked:
        return go(request, f"{PATH}/{batch_no}", N_("超过50人，已请另一位负责人同意后再导出"))
    name = f'attachment; filename="{batch_no}.csv"'
    content = ("\ufeff" + text).encode()  # the mark lets spreadsheets read it as UTF-8
    return Response(content, media_type="text/csv", headers={"Content-Disposition": name})


@router.post("/{batch_no}/results")
def post_results(
    request: Request, user: Clerk, centre: Here, batch_no: BatchNo, file: Upload
) -> Response:
    """What the maker says, as a file; all of it or nothing."""
    results = read_results(file.file.read())
    act = Act(user.actor, centre.clock())
    try:
        with centre.database.write() as session:
            batch = load(session, batch_no, user.outlet)
            changed = maker.take_results(session, batch, results, act)
    except ProblemError as error:
        if error.kind is not Kind.BATCH_ROWS_WRONG:
            raise
        return page(
            request,
            user,
            "batches/faults.html",
            422,
            faults=error.body()["faults"],
            words=FAULT_WORDS,
            back=batch_no,
        )
    return go(request, f"{PATH}/{batch_no}", N_("已导入 {count} 条结果"), count=changed)


@router.post("/{batch_no}/pick-up")
def post_pick_up(
    request: Request,
    user: Clerk,
    centre: Here,
    batch_no: BatchNo,
    told: Annotated[Collecting, Form()],
) -> Response:
    """The cards go out, sealed."""
    letter = keep_letter(centre, told.letter)
    act = Act(user.actor, centre.clock())
    with centre.database.write() as session:
        batch = load(session, batch_no, user.outlet)
        clerk = pick_up.clerk_of(session, centre, batch, told.holder())
        collector = pick_up.Collector(clerk, letter, told.seal_seen)
        count = pick_up.pick_up(session, batch, collector, act)
    return go(
        request, f"{PATH}/{batch_no}", N_("已交付 {count} 张卡，96小时后自动启用"), count=count
    )


@router.post("/{batch_no}/enable")
def post_enable(
    request: Request,
    user: Clerk,
    centre: Here,
    batch_no: BatchNo,
    told: Annotated[Shown, Form()],
) -> Response:
    """Enabled at once, because the unit's clerk asks for it (规程 2.1)."""
    act = Act(user.actor, centre.clock(), pick_up.ENABLING)
    count = pick_up.enable_now(centre, batch_no, told.holder(), act)
    return go(request, f"{PATH}/{batch_no}", N_("已启用 {count} 张卡"), count=count)
