"""The units a clerk may act for, before anything of a list is asked (failure F43)."""

from pydantic import BaseModel, Field
from sqlalchemy import select

from central.batches.looking import allowed
from central.batches.records import Clerk, Unit
from central.batches.schemas import KioskId
from central.batches.units import identify
from central.centre import Centre
from central.problems import Kind, ProblemError
from central.schemas import Holder, Strict
from regulation.masks import mask_name
from regulation.rules import Channel, Service


class ClerkShown(Strict):
    """The paper of a clerk who wants to submit a list of new cards."""

    kiosk_id: KioskId
    clerk: Holder


class ClerksUnit(BaseModel):
    """A unit the clerk may act for."""

    unit: str = Field(description="its code, as a list names it")
    name: str = Field(description="masked")


class ClerksUnits(BaseModel):
    """All of them, at least one."""

    units: list[ClerksUnit]
    clause: str
    partial: bool = Field(description="whether good rows are taken without the wrong ones")


def units_of(centre: Centre, shown: ClerkShown, channel: Channel) -> ClerksUnits:
    """The clerk's units. Raises what is wrong with the paper, and `CLERK_NOT_OF_UNIT` for none."""
    cell = allowed(centre, Service.NEW_BATCH, channel)
    min_age = centre.rules.switches.agent_min_age
    with centre.database.read() as session:
        clerk = identify(session, cell, shown.clerk, centre.clock(), min_age)
        theirs = select(Unit).join(Clerk, Clerk.unit == Unit.code)
        rows = theirs.where(Clerk.id_number == clerk.number).order_by(Unit.code)
        units = [ClerksUnit(unit=u.code, name=mask_name(u.name)) for u in session.scalars(rows)]
    if not units:
        raise ProblemError(
            Kind.CLERK_NOT_OF_UNIT,
            clause=cell.clause,
            reason_zh="没有查到您的单位经办人登记，请单位先登记经办人",
        )
    return ClerksUnits(units=units, clause=cell.clause, partial=centre.settings.batch_partial)
