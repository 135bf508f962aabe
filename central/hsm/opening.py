"""The HSMs a centre may be opened with, by name: `none`, `demo`, `file`, `pkcs11:FILE.toml`."""

import logging
from pathlib import Path
from typing import NamedTuple

from central.hsm.demo import open_demo
from central.hsm.loader import KeyLoader
from central.hsm.port import Hsm
from central.hsm.sealed import open_sealed

NO_HSM = "none"
DEMO = "demo"
FILE = "file"
PKCS11 = "pkcs11:"
WAYS = f"{NO_HSM}, {DEMO}, {FILE}, {PKCS11}FILE.toml"

log = logging.getLogger("central")


class Keys(NamedTuple):
    """Where the card keys are, and where officers load them; None where that cannot be done."""

    hsm: Hsm | None = None
    loader: KeyLoader | None = None


def hsm_name(text: str) -> str:
    """The text if it names an HSM; ValueError, with all the ways, if it does not."""
    if text in {NO_HSM, DEMO, FILE} or text.removeprefix(PKCS11) not in {text, ""}:
        return text
    raise ValueError(f"there is no HSM {text!r}: {WAYS}")


def open_hsm(name: str, folder: Path) -> Keys:
    """The HSM of this name for the centre in a folder.

    Raises `StoreError` for settings or files that are not right, with the cure. A token that is
    not there now is no error: the centre works, its card keys do when the token is back.
    """
    name = hsm_name(name)
    if name == NO_HSM:
        return Keys()
    if name == DEMO:
        log.warning("the card keys are the public demo keys: never in production")
        return Keys(open_demo(folder))
    if name == FILE:
        return Keys(*open_sealed(folder))
    from central.hsm.token.opening import open_token  # noqa: PLC0415 - a library few need

    return Keys(*open_token(Path(name.removeprefix(PKCS11))))
