"""The HSM with the public demo keys of the reference card profile.

NEVER IN PRODUCTION: everybody knows these keys, so everybody can make a card it takes for genuine
and read every PIN reset it made.
"""

from functools import lru_cache
from pathlib import Path

from central.database import StoreError
from central.files import made_once
from central.hsm.names import CIPHERS, Master, named
from central.hsm.software import SoftwareHsm, load_pin_key, new_pin_key

PIN_KEY_FILE = "pin_key.pem"

MASTERS = {
    Master.IRK: bytes(range(0x10)),
    Master.RKSSSE: bytes(range(0x10, 0x20)),
    Master.PUK: bytes(range(0x20, 0x30)),
    Master.RPK: bytes(range(0x30, 0x40)),
    Master.UKSSSE: bytes(range(0x40, 0x50)),
}
"""For cards of either cipher."""

TERMINAL_KEYS = {"epp-0017-01": bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")}
"""The work key of the first encrypting pad of kiosk 0017: the SM4 standard's own example."""

KEYS = {named(name, each): key for each in CIPHERS for name, key in MASTERS.items()} | TERMINAL_KEYS


_proven = lru_cache(maxsize=4)(load_pin_key)
"""The same PEM is the same key, and to prove its primes takes 0.2 s; of the demo's alone."""


def open_demo(folder: Path) -> SoftwareHsm:
    """The HSM of the centre in a folder, whose PIN key it makes the first time."""
    path = folder / PIN_KEY_FILE
    try:
        pin_key = _proven(made_once(path, new_pin_key))
    except ValueError:
        raise StoreError(
            f"{path} holds no PIN key: put the right one back, or move it away"
        ) from None
    return SoftwareHsm(KEYS, pin_key)
