"""A map of the sites with their kiosks, and its table: the same without eyes for a map."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from central.audit.chain import append
from central.centre import Here
from central.console.atlas import HEIGHT, WIDTH, atlas
from central.console.fleet_words import WORST
from central.console.pages.fleet import PATH, Operator, Reader
from central.console.render import go, page
from central.console.words import N_
from central.fleet import sites
from central.users.roles import Role

router = APIRouter(prefix=f"{PATH}/map")


class Placed(BaseModel):
    """Where a site is, in degrees east and north."""

    site: Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    latitude: Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)]


@router.get("")
def get_map(request: Request, user: Reader, centre: Here) -> Response:
    """Every site."""
    with centre.database.read() as session:
        seen = sites.seen(session, centre.clock())
    return page(
        request,
        user,
        "fleet/map.html",
        sites=seen,
        atlas=atlas(seen),
        worst=WORST,
        size=(WIDTH, HEIGHT),
        may=user.may(Role.OPERATOR),
    )


@router.post("")
def post_map(
    request: Request, user: Operator, centre: Here, told: Annotated[Placed, Form()]
) -> Response:
    """Say where a site is."""
    with centre.database.write() as session:
        sites.place(session, told.site, told.longitude, told.latitude)
        append(session, centre.clock(), user.actor, "fleet.site_placed", told.site,
               longitude=str(told.longitude), latitude=str(told.latitude))  # fmt: skip
    return go(request, f"{PATH}/map", N_("已保存网点 {site} 的位置"), site=told.site)
