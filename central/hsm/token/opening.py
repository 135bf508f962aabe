"""A token opened by its settings file."""

import logging
from pathlib import Path

from central.database import StoreError
from central.hsm.port import HsmRefused
from central.hsm.token.hsm import TokenHsm
from central.hsm.token.library import library
from central.hsm.token.loader import TokenLoader
from central.hsm.token.sessions import Sessions
from central.hsm.token.settings import read_settings

log = logging.getLogger("central")


def open_token(path: Path) -> tuple[TokenHsm, TokenLoader]:
    """The HSM and its loader. `StoreError` for settings or a library that are not right.

    A token that is not there is told in the log, and looked for again at each use.
    """
    settings = read_settings(path)
    try:
        found = library(settings.library)
    except OSError as error:
        raise StoreError(f"{path}: the library cannot be loaded: {error}") from None
    sessions = Sessions(found, settings)
    hsm = TokenHsm(sessions, settings)
    try:
        hsm.pin_key()
    except HsmRefused as no:
        log.warning("the HSM does not answer: %s", no.problem.detail)
    return hsm, TokenLoader(sessions, settings)
