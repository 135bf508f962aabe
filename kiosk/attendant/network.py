"""The way to the centre, tried step by step: which one fails says whom to call."""

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from kiosk.clocks import MOST_SKEW_S
from kiosk.desk import Ask
from kiosk.identity import Identity
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.services.attendant_answers import Hop, NetworkSeen
from kiosk.visit import Event, Said

WITHIN_S = 5.0
"""A connection, and a handshake, has so long."""


@dataclass(frozen=True, slots=True)
class Network:
    """Tries the way of `url`, on the link's worker; `now` has a zone, as the centre's time has.

    `identity`: the kiosk's certificate, None for the machine's own list of authorities.
    """

    url: str
    identity: Identity | None
    centre: Centre
    now: Callable[[], datetime]

    def trial(self, _ask: Ask) -> Event:
        """Name, connection, TLS, answer, clock, in this order, until one fails."""
        parts = urlsplit(self.url)
        tls = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if tls else 80)
        steps = {
            "dns": lambda: self._named(host, port),
            "tcp": lambda: self._connected(host, port),
            **({"tls": lambda: self._trusted(host, port)} if tls else {}),
            "answer": self._answered,
        }
        hops: list[Hop] = []
        for name, step in steps.items():
            began = time.monotonic()
            ok = step()
            hops.append(Hop(name, ok=ok, figure=round((time.monotonic() - began) * 1000)))
            if not ok:
                return Said(NetworkSeen(tuple(hops)))
        return Said(NetworkSeen((*hops, self._clock())))

    def _named(self, host: str, port: int) -> bool:
        try:
            return bool(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError:
            return False

    def _connected(self, host: str, port: int) -> bool:
        try:
            socket.create_connection((host, port), WITHIN_S).close()
        except OSError:
            return False
        return True

    def _trusted(self, host: str, port: int) -> bool:
        """Certificates expire, clocks are off, a middle box has its own: all of it fails here."""
        try:
            context = self.identity.context() if self.identity else ssl.create_default_context()
            with (
                socket.create_connection((host, port), WITHIN_S) as wire,
                context.wrap_socket(wire, server_hostname=host),
            ):
                return True
        except OSError:  # of which ssl.SSLError is one
            return False

    def _answered(self) -> bool:
        try:
            self.centre.time()
        except (Unreachable, Unknown, Rejected):
            return False
        return True

    def _clock(self) -> Hop:
        try:
            apart = (self.centre.time() - self.now()).total_seconds()
        except (Unreachable, Unknown, Rejected):
            return Hop("answer", ok=False, figure=0)
        return Hop("clock", ok=abs(apart) <= MOST_SKEW_S, figure=round(abs(apart)))
