"""The console as an application of its own under `/console`: its pages are a table.

It shares the centre and the process, and stands outside the contract of `/v1`: its errors are
pages, not problems, and its routes are in no OpenAPI document.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from central.console.headers import SecurityHeaders
from central.console.words import N_
from central.users.roles import Role

ROOT = "/console"
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Page:
    """A page's module in `central.console.pages`; its path, name, access key and readers.

    A page without a name is in no menu. Access keys: digits for the window, letters for the rest.
    """

    module: str
    path: str = ""
    zh: str = ""
    key: str = ""
    roles: frozenset[Role] = frozenset(Role)


_WINDOW = frozenset({Role.CLERK, Role.SUPERVISOR})

PAGES = (
    Page("sign_in"),
    Page("set_up"),
    Page("oidc"),
    Page("home", ROOT, N_("首页"), "1"),
    Page("cases", "/console/cases", N_("窗口受理"), "2", _WINDOW),
    Page("issue", "/console/issue", N_("制卡发卡"), "6", _WINDOW),
    Page("custody", "/console/custody", N_("保管登记"), "7", _WINDOW),
    Page("services", "/console/services", N_("窗口业务"), "4", _WINDOW),
    Page("batch_intake"),
    Page("batches", "/console/batches", N_("单位批次"), "5", _WINDOW),
    Page("search", "/console/search", N_("查询"), "8", _WINDOW),
    Page("approvals", "/console/approvals", N_("双人复核"), "9", frozenset(Role) - {Role.AUDITOR}),
    Page("audit", "/console/audit", N_("审计"), "l", frozenset({Role.AUDITOR})),
    Page(
        "key_loading",
        "/console/key-loading",
        N_("装入密钥"),
        "k",
        frozenset({Role.OPERATOR, Role.SUPERVISOR}),
    ),
    Page("fleet_edit"),
    Page("fleet_rollouts"),
    Page("fleet_asks"),
    Page("fleet_map"),
    Page(
        "fleet",
        "/console/fleet",
        N_("自助机管理"),
        "f",
        frozenset({Role.OPERATOR, Role.SUPERVISOR}),
    ),
    Page("devices", "/console/devices", N_("设备"), "d", frozenset({Role.OPERATOR})),
    Page("users", "/console/users", N_("用户"), "u", frozenset({Role.OPERATOR})),
    Page("account", "/console/account", N_("我的账号"), "a"),
)


def menu(roles: frozenset[Role]) -> list[Page]:
    """The pages somebody with these roles may open."""
    return [page for page in PAGES if page.zh and roles & page.roles]


def build_console(centre_app: FastAPI) -> FastAPI:
    """The application of all pages, over the state of the centre's application."""
    from central.console import csrf, failures  # noqa: PLC0415 - both render, and render the menu

    console = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(csrf.checked)],
    )
    console.state = centre_app.state
    for page in PAGES:
        console.include_router(import_module(f"central.console.pages.{page.module}").router)
    console.mount("/console/static", StaticFiles(directory=STATIC))
    failures.install(console)
    console.add_middleware(SecurityHeaders)
    return console


class Doors:
    """ASGI middleware: what is asked under `/console` goes to the console."""

    def __init__(self, app: ASGIApp, console: ASGIApp) -> None:
        self.app = app
        self.console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        ours = scope["type"] == "http" and (path == ROOT or path.startswith(ROOT + "/"))
        await (self.console if ours else self.app)(scope, receive, send)
