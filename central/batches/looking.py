"""Looking at a unit's list: who brings it, and what is wrong with it, row by row."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from central.audit.records import Actor
from central.batches.faults import RowFault
from central.batches.judge import judge
from central.batches.lookup import look
from central.batches.records import Unit
from central.batches.schemas import Checked, List
from central.batches.states import Material
from central.batches.terms import due
from central.batches.units import Identified, identify, unit_of
from central.centre import Centre
from central.problems import Kind, ProblemError
from regulation.card_list.judge import Ground
from regulation.rules import Applicant, Cell, Channel, Service

BATCHES = (Service.NEW_BATCH, Service.REPLACE_BATCH)

_SEND_ON = {
    Service.NEW_BATCH: "批量新办卡请单位经办人到服务窗口或自助一体机提交",
    Service.REPLACE_BATCH: "批量补换卡请单位经办人到服务窗口提交",
}


@dataclass(frozen=True, slots=True)
class Where:
    """By which door a list comes: who acts, the channel, who gives the number, the outlet.

    `material` is how the members' pictures come.
    """

    actor: Actor
    channel: Channel
    taken_by: str
    outlet: str
    material: Material = Material.PICTURES


@dataclass(frozen=True, slots=True)
class Looked:
    """A list that was looked at: the row of the rules, who brings it for whom, its faults."""

    cell: Cell
    clerk: Identified
    unit: Unit
    faults: list[RowFault] = field(repr=False)

    @property
    def wrong(self) -> frozenset[int]:
        """The rows with a fault."""
        return frozenset(each.row for each in self.faults)


def check(centre: Centre, told: List, where: Where) -> Checked:
    """What is wrong with a list; nothing is kept. Raises what is wrong with clerk or unit (F43).

    A kiosk may look at a replacement's list, never submit it (services.md 6).
    """
    now = centre.clock()
    faults = judged(centre, told, where, now)
    channel = Channel.WINDOW if where.channel is Channel.KIOSK else where.channel
    with centre.database.read() as session:
        looked = look_at(session, centre, told, allowed(centre, told.service, channel), faults)
    term = due(now.date(), centre.calendar)
    return Checked(
        rows=len(told.rows),
        good=len(told.rows) - len(looked.wrong),
        wrong=len(looked.wrong),
        faults=looked.faults,
        due_on=term.day,
        due_sure=term.sure,
    )


def judged(centre: Centre, told: List, where: Where, now: datetime) -> list[RowFault]:
    """What is wrong with a list by itself: too slow for the writer's turn."""
    if told.service not in BATCHES:
        raise ProblemError(Kind.INVALID, "body.service: new_batch or replace_batch.")
    pictures = where.material is Material.PICTURES
    ground = Ground(told.service, centre.rules.switches, now.date(), pictures)
    return judge(told.rows, ground)


def allowed(centre: Centre, service: Service, channel: Channel) -> Cell:
    """The row of the rules that lets a clerk submit; raises `NOT_ALLOWED` with its clause."""
    cell = centre.rules.cell(service, Applicant.UNIT_CLERK, channel)
    if not cell.allowed:
        reason, route = _SEND_ON[service], cell.route
        raise ProblemError(Kind.NOT_ALLOWED, clause=cell.clause, reason_zh=reason, route=route)
    return cell


def look_at(
    session: Session, centre: Centre, told: List, cell: Cell, faults: list[RowFault]
) -> Looked:
    """The clerk, the unit, and every fault, by row.

    The clerk comes first: who may not act for the unit learns nothing of its people.
    """
    min_age = centre.rules.switches.agent_min_age
    clerk = identify(session, cell, told.clerk, centre.clock(), min_age)
    unit = unit_of(session, told.unit, clerk, cell.clause)
    nobody = {each.row for each in faults if each.field in {"name", "number"}}
    rows = [(i, row) for i, row in enumerate(told.rows, 1) if i not in nobody]
    found = sorted((*faults, *look(session, rows, told.service)), key=lambda each: each.row)
    return Looked(cell, clerk, unit, found)
