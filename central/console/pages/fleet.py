"""The fleet: every kiosk as it is now, and one of them. Operators change, supervisors may look."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from pydantic import BaseModel, StringConstraints

from central.audit.chain import append
from central.centre import Centre, Here
from central.console.access import SignedIn, needs
from central.console.fleet_words import OUTCOMES, ROLLOUTS, STATES
from central.console.render import go, page
from central.console.words import N_, service_names
from central.fleet import keys, records, service
from central.fleet.service import Standing
from central.problems import Kind, ProblemError
from central.users.roles import Role

router = APIRouter(prefix="/console/fleet")

PATH = "/console/fleet"
MOST = 500
"""Kiosks of one page; who has more looks for a group, a site or a number."""

Operator = Annotated[SignedIn, Depends(needs(Role.OPERATOR))]
Reader = Annotated[SignedIn, Depends(needs(Role.OPERATOR, Role.SUPERVISOR))]
Number = Annotated[str, Path(pattern="^[0-9]{4}$")]
Asked = Annotated[str, Query(max_length=64)]
Typed = Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)]


class Place(BaseModel):
    """Where a kiosk belongs."""

    kiosk: Annotated[str, StringConstraints(pattern="^[0-9]{4}$")]
    group: Annotated[str, StringConstraints(pattern=r"^[\w-]{0,64}$", strip_whitespace=True)] = ""
    site: Typed = ""


@router.get("")
def get_fleet(request: Request, user: Reader, centre: Here, q: Asked = "") -> Response:
    """Every kiosk, the rollouts, and whether there are keys."""
    with centre.database.read() as session:
        rollouts = records.rollouts(session, most=10)
    return page(
        request,
        user,
        "fleet/fleet.html",
        rollouts=rollouts,
        rollout_states=ROLLOUTS,
        keys=keys.newest_root(centre.folder),
        q=q,
        may=user.may(Role.OPERATOR),
        **_rows(centre, q),
    )


@router.get("/rows")
def get_rows(request: Request, user: Reader, centre: Here, q: Asked = "") -> Response:
    """The table alone, which the page asks for every few seconds."""
    return page(request, user, "fleet/rows.html", q=q, **_rows(centre, q))


@router.post("/place")
def post_place(
    request: Request, user: Operator, centre: Here, told: Annotated[Place, Form()]
) -> Response:
    """Say which group and site a kiosk belongs to; a new number joins the fleet."""
    with centre.database.write() as session:
        row = records.kiosk(session, told.kiosk)
        row.group, row.site = told.group, told.site
        append(session, centre.clock(), user.actor, "fleet.placed", f"kiosk:{told.kiosk}",
               group=told.group, site=told.site)  # fmt: skip
    return go(request, PATH, N_("已保存自助机 {kiosk}"), kiosk=told.kiosk)


@router.get("/kiosks/{number}")
def get_kiosk(request: Request, user: Reader, centre: Here, number: Number) -> Response:
    """One kiosk: what it says of itself, and what it was given."""
    now = centre.clock()
    with centre.database.read() as session:
        found = service.standing(session, number, now)
        if found is None:
            raise ProblemError(Kind.NOT_FOUND)
        return page(
            request,
            user,
            "fleet/kiosk.html",
            kiosk=found,
            documents=records.documents(session, number),
            states=STATES,
            outcomes=OUTCOMES,
            services=service_names(centre.rules),
            may=user.may(Role.OPERATOR),
        )


def _rows(centre: Centre, q: str) -> dict[str, Any]:
    with centre.database.read() as session:
        every = service.standings(session, centre.clock())
    found = [each for each in every if _meant(each, q.strip())]
    return {
        "kiosks": found[:MOST],
        "count": len(found),
        "unreachable": sum(not each.reachable for each in found),
        "faulty": sum(bool(each.faults) for each in found),
        "pending": sum(each.outcome == "pending" for each in found),
        "failed": sum(each.outcome == "failed" for each in found),
        "states": STATES,
        "outcomes": OUTCOMES,
    }


def _meant(each: Standing, q: str) -> bool:
    return q in each.kiosk or q in each.site or q == each.group
