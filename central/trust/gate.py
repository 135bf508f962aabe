"""The gate before every route: who calls, may they call this, and not too often.

It stands before the body is read. What it found out is the route's parameter `Caller`.
"""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from central.audit.records import Actor
from central.centre import Centre
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.trust import access, caller, peer
from central.trust.limits import Limits, Rate, address
from central.trust.settings import Trust
from central.trust.standing import standing


class Gate:
    """ASGI middleware around the routes, inside the one that writes the log."""

    def __init__(self, app: ASGIApp, limits: Limits | None = None) -> None:
        self.app = app
        self.limits = limits or Limits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say why not."""
        centre: Centre | None = scope["app"].state.centre if scope["type"] == "http" else None
        if centre is not None:
            try:
                await self._admit(scope, centre)
            except ProblemError as error:
                await error.response()(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _admit(self, scope: Scope, centre: Centre) -> None:
        """Put the caller into the scope; raises the problem that keeps the request out."""
        if getattr(scope["app"].state, "closing", False):
            raise ProblemError(Problem.CLOSING, headers={"Retry-After": "5", "Connection": "close"})
        trust = centre.settings.trust
        row = access.row(scope["method"], scope["path"])
        rate = row.rate if row else Rate.ANONYMOUS
        device = None
        try:
            device = await _device(scope, centre)
        finally:  # who is refused counts too
            self._count(scope, trust, rate, device)
        if trust.mode != "open":
            _permit(row, device)
        elif device and row and row.who is not None and device.kind not in row.who:
            raise ProblemError(Problem.DEVICE_FORBIDDEN)
        scope.setdefault("state", {})[caller.STATE] = device

    def _count(self, scope: Scope, trust: Trust, rate: Rate, device: Actor | None) -> None:
        if not trust.limited:
            return
        if device is not None and rate is not Rate.ENROLMENT:
            self.limits.take(Rate.DEVICE, str(device))
            return
        host = scope["client"][0] if scope.get("client") else ""
        self.limits.take(Rate.ANONYMOUS if rate is Rate.DEVICE else rate, address(host))


async def _device(scope: Scope, centre: Centre) -> Actor | None:
    trust = centre.settings.trust
    if trust.mode == "open":
        return caller.told(Headers(scope=scope).get(caller.HEADER))
    presented = peer.presented(scope, trust)
    peer.step_behind(scope, trust)
    if presented is None:
        return None
    return await run_in_threadpool(standing, centre.database, presented, centre.clock())


def _permit(row: access.Row | None, device: Actor | None) -> None:
    if row is None:
        raise ProblemError(Problem.NOT_FOUND)
    if row.who is None:
        return
    if device is None:
        raise ProblemError(Problem.DEVICE_UNKNOWN, "Come with the client certificate of a device.")
    if device.kind not in row.who:
        raise ProblemError(Problem.DEVICE_FORBIDDEN)
