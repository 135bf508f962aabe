"""The fleet: every kiosk as it is now, and one of them. Operators change, supervisors may look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.audit.chain import append
from central.centre import Centre, Here
from central.console.access import SignedIn, needs
from central.console.fleet_words import (
    ASK_STATES,
    ASKS,
    DEGREES,
    FILTERS,
    OUTCOMES,
    PROOFS,
    ROLLOUTS,
    STATES,
)
from central.console.live import Pieces, stream, watch
from central.console.render import go, page, piece
from central.console.words import N_, service_names
from central.fleet import asks, certificates, keys, listing, records, service
from central.problems import Kind, ProblemError
from central.users.roles import Role

router = APIRouter(prefix="/console/fleet")

PATH = "/console/fleet"
COUNTED_EACH = 5
"""Looks of a stream: counting takes the whole fleet."""

Operator = Annotated[SignedIn, Depends(needs(Role.OPERATOR))]
READERS = Depends(needs(Role.OPERATOR, Role.SUPERVISOR))
Reader = Annotated[SignedIn, READERS]
Number = Annotated[str, Path(pattern="^[0-9]{4}$")]
Which = Annotated[int, Path(ge=1, lt=10**9)]
Typed = Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)]


class Asked(BaseModel):
    """A page of the list: which kiosks, and where it begins or ends."""

    q: Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)] = ""
    only: listing.Only = ""
    after: Annotated[str, StringConstraints(pattern="^([0-9]{4})?$")] = ""
    before: Annotated[str, StringConstraints(pattern="^([0-9]{4})?$")] = ""

    @property
    def wanted(self) -> listing.Wanted:
        """The kiosks of all pages."""
        return listing.Wanted(self.q, self.only)


Asking = Annotated[Asked, Query()]


class Place(BaseModel):
    """Where a kiosk belongs."""

    kiosk: Annotated[str, StringConstraints(pattern="^[0-9]{4}$")]
    group: Annotated[str, StringConstraints(pattern=r"^[\w-]{0,64}$", strip_whitespace=True)] = ""
    site: Typed = ""


@router.get("")
def get_fleet(request: Request, user: Reader, centre: Here, asked: Asking) -> Response:
    """Every kiosk a page at a time, the rollouts, and whether there are keys."""
    now = centre.clock()
    with centre.database.read() as session:
        listed = listing.page(session, asked.wanted, now, after=asked.after, before=asked.before)
        counts = listing.counts(session, asked.wanted, now)
        rollouts = records.rollouts(session, most=10)
    return page(
        request,
        user,
        "fleet/fleet.html",
        rollouts=rollouts,
        rollout_states=ROLLOUTS,
        keys=keys.newest_root(centre.folder),
        q=asked.q,
        only=asked.only,
        filters=FILTERS,
        same=urlencode({"q": asked.q, "only": asked.only}),
        query=urlencode(asked.model_dump()),
        listed=listed,
        counts=counts,
        states=STATES,
        outcomes=OUTCOMES,
        may=user.may(Role.OPERATOR),
    )


@router.get("/live")
def get_live(request: Request, user: Reader, centre: Here, asked: Asking) -> Response:
    """What changes on a page of the list."""
    with centre.database.read() as session:
        listed = listing.page(
            session, asked.wanted, centre.clock(), after=asked.after, before=asked.before
        )
    numbers = [each.kiosk for each in listed.kiosks]
    return stream(request, user, centre, Rows(centre, asked.wanted, numbers, user.language).look)


@dataclass(slots=True)
class Rows:
    """The rows of a page while it is looked at, and the counts above them, now and then."""

    centre: Centre
    wanted: listing.Wanted
    numbers: list[str]
    language: str
    _looks: int = 0

    def look(self, before: Mapping[str, Any]) -> tuple[Mapping[str, Any], Pieces]:
        """The marks of now, and the pieces whose marks are others."""
        now = self.centre.clock()
        with self.centre.database.read() as session:
            marks = listing.marks(session, self.numbers, now)
            changed = [each for each in marks if before.get(each, marks[each]) != marks[each]]
            kiosks = listing.some(session, changed, now) if changed else []
            counts = before.get("counts")
            if self._looks % COUNTED_EACH == 0:
                counts = listing.counts(session, self.wanted, now)
        self._looks += 1
        words = {"states": STATES, "outcomes": OUTCOMES}
        pieces = {
            f"k{each.kiosk}": piece(self.language, "fleet/row.html", each=each, **words)
            for each in kiosks
        }
        if counts != before.get("counts", counts):
            pieces["counts"] = piece(self.language, "fleet/counts.html", counts=counts)
        return marks | {"counts": counts}, pieces


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


@router.get("/kiosks/{number}/live")
def get_kiosk_live(request: Request, user: Reader, centre: Here, number: Number) -> Response:
    """A kiosk as it reports."""

    def render(session: Session) -> str:
        return piece(user.language, "fleet/now.html", **_now(session, centre, number))

    return watch(request, user, centre, "now", render)


@router.get("/kiosks/{number}")
def get_kiosk(request: Request, user: Reader, centre: Here, number: Number) -> Response:
    """One kiosk: what it says of itself, and what it was given."""
    with centre.database.read() as session:
        return page(
            request,
            user,
            "fleet/kiosk.html",
            **_now(session, centre, number),
            documents=records.documents(session, number),
            asks=asks.of_kiosk(session, number),
            ask_kinds=ASKS,
            ask_states=ASK_STATES,
            states=STATES,
            may=user.may(Role.OPERATOR),
        )


@router.get("/kiosks/{number}/certificates/{which}", dependencies=[READERS])
def get_certificate(centre: Here, number: Number, which: Which) -> Response:
    """A readiness certificate as the kiosk keeps it: `python -m kiosk certificates verify`."""
    with centre.database.read() as session:
        found = session.get(certificates.ReadinessCertificate, (number, which))
    if found is None:
        raise ProblemError(Kind.NOT_FOUND)
    name = f"kiosk-{number}-{which:06}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.file, media_type="application/json", headers=headers)


def _now(session: Session, centre: Centre, number: str) -> dict[str, Any]:
    """A kiosk as it is. Raises `NOT_FOUND`."""
    found = service.standing(session, number, centre.clock())
    if found is None:
        raise ProblemError(Kind.NOT_FOUND)
    return {
        "kiosk": found,
        "outcomes": OUTCOMES,
        "services": service_names(centre.rules),
        "certificate": certificates.last(session, number),
        "degrees": DEGREES,
        "proofs": PROOFS,
    }
