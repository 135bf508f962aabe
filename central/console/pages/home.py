"""The first page."""

from fastapi import APIRouter, Request, Response

from central.console.access import Anybody
from central.console.render import page
from central.users.roles import Role

router = APIRouter(prefix="/console")


@router.get("")
def get_home(request: Request, user: Anybody) -> Response:
    """What somebody may do here."""
    return page(request, user, "home.html", scans=user.may(Role.CLERK, Role.SUPERVISOR))
