"""Questions to a second person."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import select

from central.centre import Here
from central.console import approvals
from central.console.access import SignedIn, needs
from central.console.approvals import WORDS, Approval, ApprovalState
from central.console.render import go, page
from central.console.words import N_
from central.users.roles import Role

router = APIRouter(prefix="/console/approvals")

PATH = "/console/approvals"
SHOWN = 20
LABELS = {
    "reason": N_("理由"),
    "roles": N_("岗位"),
    "outlet": N_("网点"),
    "members": N_("人数"),
    "thing": N_("物品"),
    "write_id": N_("制卡编号"),
    "content": N_("配置编号"),
    "groups": N_("分组"),
}
"""What the parameters of a question are called."""
ROLES = frozenset({Role.SUPERVISOR, Role.OPERATOR, Role.CLERK})

Second = Annotated[SignedIn, Depends(needs(*ROLES))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def get_approvals(request: Request, user: Second, centre: Here) -> Response:
    """What waits for a second person, and what was decided last."""
    decided = (
        select(Approval)
        .where(Approval.state != ApprovalState.WAITING)
        .order_by(Approval.decided_at.desc())
        .limit(SHOWN)
    )
    with centre.database.read() as session:
        return page(
            request,
            user,
            "approvals.html",
            waiting=approvals.waiting(session, centre.clock()),
            decided=list(session.scalars(decided)),
            words=WORDS,
            labels=LABELS,
            may_decide=approvals.may_decide,
            states=ApprovalState,
        )


@router.post("/{number}/approve")
def post_approve(request: Request, user: Second, centre: Here, number: Number) -> Response:
    """Approve, and so do it."""
    with centre.database.write() as session:
        approvals.approve(session, centre, number, user)
    return go(request, PATH, N_("已同意并执行"))


@router.post("/{number}/refuse")
def post_refuse(request: Request, user: Second, centre: Here, number: Number) -> Response:
    """Refuse, or take one's own question back."""
    with centre.database.write() as session:
        approvals.refuse(session, centre, number, user)
    return go(request, PATH, N_("已不同意，没有执行"))
