"""Passwords: argon2id with the library's parameters (RFC 9106), and what one must be."""

import threading
from collections.abc import Callable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from central.problems import Kind, ProblemError

SHORTEST = 12
FEWEST = 5
"""Different characters."""
LONGEST = 128

_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(4)
"""64 MiB each: a crowd at the door waits, and the memory lasts."""

COMMON = (
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "1q2w3e4r",
    "asdfgh",
    "zxcvbn",
    "letmein",
    "iloveyou",
    "woaini",
    "admin",
    "administrator",
    "welcome",
    "shebaoka",
    "chongqing",
    "12333",
    "abc123",
    "a1b2c3d4",
)
"""Pieces that most guesses are made of."""


def hash_password(password: str) -> str:
    """The form to keep: parameters, salt and hash."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether the password is right; takes as long when there is none to compare with."""
    try:
        with _AT_ONCE:
            _HASHER.verify(kept or _nobodys(), password)
    except VerifyMismatchError:
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    """What the password of somebody who does not exist is compared with; made when first needed."""
    return _HASHER.hash("the password of somebody who does not exist")


def check_password(login: str, password: str) -> None:
    """Raise `PASSWORD_WEAK` for one that is short, is the login, or is easily guessed."""
    for fault, sentence in _FAULTS:
        if fault(login.lower(), password.lower()):
            raise ProblemError(Kind.PASSWORD_WEAK, reason_zh=sentence)


def _guessed(_login: str, password: str) -> bool:
    rest = password
    for piece in COMMON:
        rest = rest.replace(piece, "")
    run = "01234567890123456789 abcdefghijklmnopqrstuvwxyz 98765432109876543210"
    return len(rest.strip("0123456789!@#$.")) < 4 or password in run  # noqa: PLR2004 - too few left


_Fault = Callable[[str, str], bool]

_FAULTS: tuple[tuple[_Fault, str], ...] = (
    (lambda _login, password: len(password) < SHORTEST, f"密码至少 {SHORTEST} 位"),
    (lambda _login, password: len(password) > LONGEST, f"密码最多 {LONGEST} 位"),
    (lambda login, password: login in password, "密码里不能有登录名"),
    (lambda _login, password: len(set(password)) < FEWEST, "密码重复的字符太多"),
    (_guessed, "这个密码太容易被猜到，请换一个"),
)
