"""The HSMs a centre may be opened with, by name.

`demo` has the public demo keys of the reference card profile. NEVER IN PRODUCTION: everybody knows
these keys, so everybody can make a card it takes for genuine and read every PIN reset it made.
"""

from pathlib import Path

from central.database import StoreError
from central.files import made_once
from central.hsm.port import Hsm
from central.hsm.software import MasterKeys, SoftwareHsm, load_pin_key, new_pin_key

NO_HSM = "none"
DEMO = "demo"
HSMS = (NO_HSM, DEMO)
PIN_KEY_FILE = "pin_key.pem"

_MASTERS = MasterKeys(
    irk=bytes(range(0x10)),
    rksse=bytes(range(0x10, 0x20)),
    puk=bytes(range(0x20, 0x30)),
    rpk=bytes(range(0x30, 0x40)),
    ukssse=bytes(range(0x40, 0x50)),
)
_TERMINAL_KEYS = {"epp-0017-01": bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")}
"""The work key of the first encrypting pad of kiosk 0017: the SM4 standard's own example."""


def open_hsm(name: str, folder: Path) -> Hsm | None:
    """The HSM of this name for the centre in a folder, whose PIN key it makes the first time."""
    if name == NO_HSM:
        return None
    if name != DEMO:
        raise ValueError(f"there is no HSM {name!r}: {', '.join(HSMS)}")
    path = folder / PIN_KEY_FILE
    try:
        pin_key = load_pin_key(made_once(path, new_pin_key))
    except ValueError:
        raise StoreError(
            f"{path} holds no PIN key: put the right one back, or move it away"
        ) from None
    return SoftwareHsm(_MASTERS, _TERMINAL_KEYS, pin_key)
