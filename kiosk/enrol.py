"""`python -m kiosk enrol --code 7K4Q-92MX-TB3W`: the kiosk's first certificate.

The page of a kiosk without one does the same (`kiosk.attendant.enrolment`).
"""

import argparse
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from kiosk import identity
from kiosk.closing import Closing
from kiosk.identity import Identity, NotGiven, NotOurs
from kiosk.services.closed import By
from kiosk.services.enrolling import NOT_ENROLLED
from kiosk.settings import Settings, SettingsError, load

ASK_S = 3.0


def main(arguments: list[str]) -> Literal[0, 1, 2]:
    """0 enrolled, 1 the centre gave no certificate, 2 the settings cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m kiosk enrol")
    parser.add_argument("--code", required=True, help="from the centre's operator: 7K4Q-92MX-TB3W")
    parser.add_argument("--config", type=Path, help="the kiosk's settings")
    parser.add_argument("--centre", help="its URL, when not that of the settings")
    chosen = parser.parse_args(arguments)
    try:
        settings = load(chosen.config)
        ours = identity.of(settings)
    except SettingsError as error:
        _say(error)
        return 2
    if ours is None:
        _say('write where the key shall be: [central] identity_dir = "/…"')
        return 2
    url, device = chosen.centre or settings.central_url, f"kiosk:{settings.kiosk_id}"
    return _enrol(ours, url, chosen.code, device)


def close_without(settings: Settings, closing: Closing) -> None:
    """Keep a kiosk closed that shall have an identity and has none; said at each start."""
    ours = identity.of(settings)
    if ours is not None and not ours.exists():
        closing.close(By.NOT_ENROLLED, NOT_ENROLLED)


def enrolled(  # noqa: PLR0913 - each is a part of the question
    ours: Identity,
    url: str,
    code: str,
    device: str,
    *,
    shows: Callable[[str], None],
    given_up: Callable[[float], bool],
) -> bool:
    """Ask until the operator has confirmed the key, where that is asked for; False if given up.

    `shows` is told the key's fingerprint, `given_up` waits so many seconds. Raises `NotGiven`.
    """
    shown = ""
    while fingerprint := ours.enrol(url, code, device):
        if fingerprint != shown:
            shows(fingerprint)
        shown = fingerprint
        if given_up(ASK_S):
            return False
    return True


def _enrol(ours: Identity, url: str, code: str, device: str) -> Literal[0, 1]:
    def shows(fingerprint: str) -> None:
        _say(f"the operator compares: {fingerprint}")

    try:
        enrolled(ours, url, code, device, shows=shows, given_up=threading.Event().wait)
    except NotOurs as other:
        _say(f"the code is that of {other}, and [kiosk] id says {device}: ask for a code for it")
        return 1
    except OSError as error:
        _say(f"[central] identity_dir keeps no key: {error}")
        return 1
    except NotGiven as no:
        _say(f"the centre gave no certificate: {no}")
        return 1
    _say(f"enrolled until {ours.not_after():%Y-%m-%d}")
    return 0


def _say(sentence: object) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a command's output
