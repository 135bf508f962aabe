"""A rollout: its groups and what came of them, and the acts of who watches it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from central.centre import Here
from central.console.fleet_words import OUTCOMES, ROLLOUTS
from central.console.live import watch
from central.console.pages.fleet import PATH, Operator, Reader
from central.console.render import go, page, piece
from central.console.words import N_
from central.fleet import rollouts
from central.fleet.records import Outcome, Rollout, RolloutState
from central.problems import Kind, ProblemError
from central.users.roles import Role

router = APIRouter(prefix=f"{PATH}/rollouts")

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
SAID: dict[rollouts.Act, str] = {
    "pause": N_("已暂停，没有新的分组开始"),
    "resume": N_("已继续"),
    "stop": N_("已停止，不再继续"),
}
BACK = N_("已停止，并让 {count} 台自助机退回到上一份已生效的配置")
NOBODY = N_("已停止，没有自助机退回：它们后来都给过别的配置。先退回后来的发布，再退回这一次")


@router.get("/{number}")
def get_rollout(request: Request, user: Reader, centre: Here, number: Id) -> Response:
    """Its groups, what came of each, and what may be done."""
    with centre.database.read() as session:
        told = _told(session, number)
    may = user.may(Role.OPERATOR)
    return page(request, user, "fleet/rollout.html", states=RolloutState, may=may, **told)


@router.get("/{number}/live")
def get_live(request: Request, user: Reader, centre: Here, number: Id) -> Response:
    """The groups as kiosks report."""

    def render(session: Session) -> str:
        return piece(user.language, "fleet/groups.html", **_told(session, number))

    return watch(request, user, centre, "groups", render)


@router.post("/{number}/roll-back")
def post_roll_back(request: Request, user: Operator, centre: Here, number: Id) -> Response:
    """Stop, and give its kiosks what they had before."""
    with centre.database.write() as session:
        given = rollouts.roll_back(session, centre, number, user.actor, centre.clock())
    text = BACK if given else NOBODY
    return go(request, f"{PATH}/rollouts/{number}", text, count=len(given))


@router.post("/{number}/pause")
def post_pause(request: Request, user: Operator, centre: Here, number: Id) -> Response:
    """Begin no further group for now."""
    return _act(request, user, centre, number, "pause")


@router.post("/{number}/resume")
def post_resume(request: Request, user: Operator, centre: Here, number: Id) -> Response:
    """Go on."""
    return _act(request, user, centre, number, "resume")


@router.post("/{number}/stop")
def post_stop(request: Request, user: Operator, centre: Here, number: Id) -> Response:
    """End it where it stands."""
    return _act(request, user, centre, number, "stop")


def _act(
    request: Request, user: Operator, centre: Here, number: int, what: rollouts.Act
) -> Response:
    with centre.database.write() as session:
        rollouts.act(session, number, what, user.actor, centre.clock())
    return go(request, f"{PATH}/rollouts/{number}", SAID[what])


def _told(session: Session, number: int) -> dict[str, Any]:
    """A rollout and what came of its groups. Raises `NOT_FOUND`."""
    found = session.get(Rollout, number)
    if found is None:
        raise ProblemError(Kind.NOT_FOUND)
    return {
        "rollout": found,
        "tallies": rollouts.tallies(session, found),
        "ahead": rollouts.preview(session, found.groups),
        "failures": rollouts.failures(session, number),
        "outcomes": OUTCOMES,
        "each_outcome": [each for each in Outcome if each is not Outcome.SUPERSEDED],
        "rollout_states": ROLLOUTS,
    }
