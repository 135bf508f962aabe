"""The key ceremony: officers enter components, the HSM alone has the key."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from pydantic import BaseModel, StringConstraints

from central.centre import Here
from central.console.access import SignedIn, needs
from central.console.render import go, page
from central.console.words import N_
from central.hsm import loading
from central.hsm.loading_records import GOING, LoadingState
from central.hsm.names import MASTERS
from central.users.roles import Role

router = APIRouter(prefix="/console/keys")

PATH = "/console/keys"
STATES = {
    LoadingState.OPEN: N_("等待分量"),
    LoadingState.COMBINING: N_("合成中"),
    LoadingState.LOADED: N_("已装入"),
    LoadingState.ABORTED: N_("已中止"),
    LoadingState.EXPIRED: N_("已超时"),
}

Officer = Annotated[SignedIn, Depends(needs(Role.OPERATOR))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Begun(BaseModel):
    """A key to load."""

    name: Annotated[str, StringConstraints(max_length=32, strip_whitespace=True)]
    parts: int


class Entered(BaseModel):
    """A component, and the check value on its paper. Neither is in any error or log."""

    component: Annotated[str, StringConstraints(max_length=80)]
    told: Annotated[str, StringConstraints(max_length=16)]


@router.get("")
def get_keys(request: Request, user: Officer, centre: Here) -> Response:
    """The loadings, the newest first."""
    loading.expire(centre)
    return page(
        request,
        user,
        "keys.html",
        loadings=loading.latest(centre),
        states=STATES,
        going=GOING,
        parts=loading.PARTS,
        names=sorted(name for names in MASTERS.values() for name in names),
        possible=centre.loader is not None,
    )


@router.post("")
def post_keys(
    request: Request, user: Officer, centre: Here, told: Annotated[Begun, Form()]
) -> Response:
    """Begin to load a key."""
    loading.begin(centre, user.actor, told.name, told.parts)
    return go(request, PATH, N_("已开始装入 {name}，请各位保管人依次输入分量"), name=told.name)


@router.post("/{number}/component")
def post_component(
    request: Request, user: Officer, centre: Here, number: Number, told: Annotated[Entered, Form()]
) -> Response:
    """One's own component; with the last one the HSM has the key."""
    now = loading.enter(centre, user.actor, number, told.component, told.told)
    if now.state is LoadingState.LOADED:
        text = N_("密钥 {name} 已装入，校验值 {check}")
        return go(request, PATH, text, name=now.name, check=now.check_value)
    return go(request, PATH, N_("分量已收下，请下一位保管人登录后输入"))


@router.post("/{number}/abort")
def post_abort(request: Request, user: Officer, centre: Here, number: Number) -> Response:
    """End a loading without a key."""
    loading.abort(centre, user.actor, number)
    return go(request, PATH, N_("已中止，分量已销毁"))
