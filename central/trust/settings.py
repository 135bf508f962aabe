"""How the centre knows who calls: the section `[trust]` of its settings."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

LIFE = timedelta(days=30)
"""How long a device's certificate is good for."""

RENEW = timedelta(days=10)
"""A device may renew its certificate when less than this remains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Who is believed.

    `mode`: "open" believes what a device says of itself, for development alone; "tls" ends TLS in
    this process and reads the client's certificate; "proxy" takes it from a header of the
    `proxies`. `ca_key` and `ca_certificate` are the device CA's PEM files, made in the centre's
    folder when None. `confirm` lets an operator compare each new device's key first. `limits`
    is whether requests are counted; None: unless the mode is "open".
    """

    mode: Literal["open", "tls", "proxy"] = "open"
    ca_key: Path | None = None
    ca_certificate: Path | None = None
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    confirm: bool = False
    limits: bool | None = None

    @property
    def limited(self) -> bool:
        """Whether requests are counted (`limits.py`)."""
        return self.mode != "open" if self.limits is None else self.limits
