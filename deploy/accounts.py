"""People of the window console for trying it: each set up as a person does, by a one-time code."""

import re
import time
from dataclasses import dataclass, field

import httpx
from pyotp.totp import TOTP

from deploy.program import ProgramError

PASSWORD = "window-demo-card"  # noqa: S105 - shown on the screen; no account outlives its stage
ROLES = ("clerk", "supervisor", "operator")
"""One account each; a role's name is its login."""
STEP_S = 30
"""Seconds a phone shows a code."""

_SECRET = re.compile(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b")
_RECOVERY = re.compile(r"\b(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}\b")
"""A recovery code: the page that shows them is the last one."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody at the window, with what they know and the secret of their phone."""

    login: str
    password: str
    phone: str = field(repr=False)

    def code(self, ahead: int = 0) -> str:
        """What the phone shows now, or so many steps from now. Each code counts once."""
        return TOTP(self.phone).at(int(time.time()), counter_offset=ahead)


def set_up(centre: str, login: str, invitation: str) -> Account:
    """Choose a password and a phone at the console; ProgramError when it does not let us."""
    with httpx.Client(base_url=centre, timeout=20.0, trust_env=False) as browser:
        told = {"login": login, "code": invitation}
        found = _SECRET.search(_sent(browser, "/console/set-up/phone", told))
        if found is None:
            raise ProgramError(f"the console shows {login} no secret for a phone")
        account = Account(login, PASSWORD, found[0].replace(" ", ""))
        told |= {"password": PASSWORD, "again": PASSWORD}
        # The code of the step before leaves the one of now for signing in; it may just run out.
        for ahead in (-1, 0):
            page = _sent(browser, "/console/set-up/finish", told | {"shown": account.code(ahead)})
            if _RECOVERY.search(page):
                return account
    raise ProgramError(f"the console does not let {login} finish the set-up")


def _sent(browser: httpx.Client, path: str, told: dict[str, str]) -> str:
    """The page that answers the form, with the token of this browser's own page."""
    form = browser.get("/console/set-up").raise_for_status().text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
    return browser.post(path, data={**told, "csrf": token[1] if token else ""}).text
