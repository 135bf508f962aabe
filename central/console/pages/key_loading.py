"""Keys loaded into the HSM by officers, each with a component of their own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from pydantic import BaseModel, StringConstraints

from central.centre import Here
from central.console.access import SignedIn, needs
from central.console.render import go, page
from central.console.words import N_
from central.hsm import loading
from central.hsm.loading_records import LoadingState
from central.hsm.names import MASTERS
from central.users.roles import Role

router = APIRouter(prefix="/console/key-loading")

PATH = "/console/key-loading"
ROLES = frozenset({Role.OPERATOR, Role.SUPERVISOR})

Officer = Annotated[SignedIn, Depends(needs(*ROLES))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_Typed = Annotated[str, StringConstraints(max_length=64)]


class Begin(BaseModel):
    """Which key, in how many components."""

    name: _Typed
    parts: int


class Enter(BaseModel):
    """A component and its check value, as on the officer's paper."""

    component: _Typed
    check_value: _Typed


@router.get("")
def get_loadings(request: Request, user: Officer, centre: Here) -> Response:
    """What the HSM holds, what is being loaded, what was."""
    loading.expire(centre)
    return page(
        request,
        user,
        "key_loading.html",
        held=loading.held(centre),
        loadings=loading.latest(centre),
        names=[name for group in MASTERS.values() for name in group],
        states=LoadingState,
        can=centre.loader is not None,
    )


@router.post("")
def post_loading(
    request: Request, user: Officer, centre: Here, told: Annotated[Begin, Form()]
) -> Response:
    """Begin to load a key."""
    loading.begin(centre, user.actor, told.name.strip(), told.parts)
    return go(
        request, PATH, N_("已开始装入 {name}，请各位保管人依次登录并输入自己的分量"), name=told.name
    )


@router.post("/{number}/component")
def post_component(
    request: Request, user: Officer, centre: Here, number: Number, told: Annotated[Enter, Form()]
) -> Response:
    """Enter one's component."""
    now = loading.enter(centre, user.actor, number, told.component, told.check_value)
    if now.state is LoadingState.LOADED:
        text = N_("密钥 {name} 已装入，校验值 {check}，请与密钥信封核对")
        return go(request, PATH, text, name=now.name, check=now.check_value)
    return go(request, PATH, N_("分量已封存，请下一位保管人在 30 分钟内输入"))


@router.post("/{number}/abort")
def post_abort(request: Request, user: Officer, centre: Here, number: Number) -> Response:
    """End a loading without a key."""
    loading.abort(centre, user.actor, number)
    return go(request, PATH, N_("已中止，输入过的分量已销毁"))
