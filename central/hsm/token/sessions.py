"""The sessions at a token: a few, each for one thread at a time, made anew when the token was away.

Nothing of the vendor's leaves here: what goes wrong is `HSM_UNAVAILABLE`, and the log tells the
operator which error of PKCS #11 it was.
"""

import logging
import struct
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pkcs11 import Attribute, Session, Token
from pkcs11.attributes import AttributeMapper
from pkcs11.exceptions import (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserAlreadyLoggedIn,
)

from central.database import StoreError
from central.hsm.port import HsmRefused
from central.hsm.token.library import Library
from central.hsm.token.settings import TokenSettings, key_type
from central.problems import Kind

T = TypeVar("T")
_REFUSED_PIN = (PinIncorrect, PinLocked, PinExpired, PinInvalid, PinLenRange)

log = logging.getLogger("central")


@dataclass(slots=True)
class Place:
    """A session, and the objects that were found by it."""

    session: Session
    generation: int
    found: dict[str, Any] = field(default_factory=dict[str, Any])


class Sessions:
    """The sessions at one token. Any thread may call."""

    def __init__(self, library: Library, settings: TokenSettings) -> None:
        self._library = library
        self._settings = settings
        self._turn = threading.Condition()
        self._idle: list[Place] = []
        self._busy = 0
        self._renewing = False
        self._generation = 0
        self._token: Token | None = None
        self._anchor: Session | None = None
        self._not_before = 0.0
        self._wrong_pin = ""
        self.mechanisms: frozenset[int] = frozenset()
        """What the token could do when it was last connected to, by number."""

    def use(self, work: Callable[[Place], T], *, writes: bool = False) -> T:
        """Do the work in a session that may write or not; once more if the token was away.

        Raises `HSM_UNAVAILABLE`, and what the work raises of its own.
        """
        seen = self._connected()
        try:
            return self._once(work, writes=writes)
        except PKCS11Error as error:
            log.warning("HSM: %s; connecting anew", type(error).__name__)
        self._renew(seen)
        try:
            return self._once(work, writes=writes)
        except PKCS11Error as error:
            log.warning("HSM: %s", type(error).__name__)
            raise unavailable(f"The token failed: {type(error).__name__}.") from None

    def close(self) -> None:
        """Give every session back; whoever is in one ends first."""
        with self._turn:
            self._wait(lambda: not self._renewing and self._busy == 0)
            self._drop()

    def _once(self, work: Callable[[Place], T], *, writes: bool) -> T:
        with self._place() as place:
            if not writes:
                return work(place)
            session = _open(self._connected_token(), writes=True)
            try:
                return work(Place(session, place.generation))
            finally:
                with suppress(PKCS11Error):  # it is gone with the token
                    session.close()

    @contextmanager
    def _place(self) -> Generator[Place]:
        with self._turn:
            self._wait(lambda: not self._renewing and self._busy < self._settings.sessions)
            place = self._idle.pop() if self._idle else None
            self._busy += 1
            generation = self._generation
        try:
            place = place or Place(_open(self._connected_token()), generation)
            yield place
        finally:
            with self._turn:
                self._busy -= 1
                if place is not None and place.generation == self._generation:
                    self._idle.append(place)
                self._turn.notify_all()

    def _wait(self, ready: Callable[[], bool]) -> None:
        if not self._turn.wait_for(ready, self._settings.wait_s):
            raise unavailable("All its sessions are in use.")

    def _connected(self) -> int:
        """Which connection there is now, after making the first one."""
        with self._turn:
            seen, there = self._generation, self._token is not None
        if not there:
            self._renew(seen)
            return self._generation
        return seen

    def _connected_token(self) -> Token:
        token = self._token
        if token is None:  # lost between two looks
            raise unavailable("The token went away.")
        return token

    def _renew(self, seen: int) -> None:
        """Connect anew, alone, unless somebody did since `seen`."""
        with self._turn:
            self._wait(lambda: not self._renewing)
            if self._generation != seen and self._token is not None:
                return
            if time.monotonic() < self._not_before:
                raise unavailable("The token was not there a moment ago.")
            self._renewing = True
            try:
                self._wait(lambda: self._busy == 0)
            except HsmRefused:
                self._renewing = False
                self._turn.notify_all()
                raise
        try:
            self._connect()
        except (PKCS11Error, StoreError) as error:
            told = str(error) if isinstance(error, StoreError) else type(error).__name__
            log.warning("HSM: no connection to the token: %s", told)
            self._not_before = time.monotonic() + self._settings.pause_s
            raise unavailable(f"The token is not there: {told}.") from None
        finally:
            with self._turn:
                self._renewing = False
                self._turn.notify_all()

    def _connect(self) -> None:
        """First as if the library were well, then with the library begun anew."""
        self._drop()
        try:
            self._log_in()
        except PKCS11Error as error:
            if isinstance(error, _REFUSED_PIN):
                raise
            self._library.restart()
            self._log_in()

    def _log_in(self) -> None:
        """A PIN that was refused is not sent again: the token counts, and locks itself."""
        pin = self._settings.user_pin()
        if pin == self._wrong_pin:
            raise StoreError("it refused its PIN; give the right one")
        token = self._library.token(self._settings.token)
        try:
            self._anchor = _open(token, pin)
        except UserAlreadyLoggedIn:  # this process is, by another session
            self._anchor = _open(token)
        except _REFUSED_PIN:
            self._wrong_pin = pin
            raise
        self.mechanisms = frozenset(int(each) for each in token.slot.get_mechanisms())
        self._token = token

    def _drop(self) -> None:
        """Forget all sessions: close those that can be closed."""
        gone = [place.session for place in self._idle]
        if self._anchor is not None:
            gone.append(self._anchor)
        self._idle, self._anchor, self._token = [], None, None
        self._generation += 1
        for session in gone:
            with suppress(PKCS11Error):  # the token may be away: then it is closed
                session.close()


def unavailable(detail: str) -> HsmRefused:
    """The token cannot be asked now; the same request may succeed later."""
    return HsmRefused(Kind.HSM_UNAVAILABLE, detail, headers={"Retry-After": "1"})


def _open(token: Token, pin: str | None = None, *, writes: bool = False) -> Session:
    """A session; all of a process are logged in when one of them is."""
    return token.open(rw=writes, user_pin=pin, attribute_mapper=_mapper())


def _mapper() -> AttributeMapper:
    """With numbers of vendors' own, and lists of mechanisms."""
    mapper = AttributeMapper()
    ulong = struct.Struct("L")
    mapper.register_handler(
        Attribute.KEY_TYPE, ulong.pack, lambda raw: key_type(ulong.unpack(raw)[0])
    )
    mapper.register_handler(
        Attribute.ALLOWED_MECHANISMS,
        lambda many: b"".join(map(ulong.pack, many)),
        lambda raw: frozenset(number for (number,) in ulong.iter_unpack(raw)),
    )
    return mapper
