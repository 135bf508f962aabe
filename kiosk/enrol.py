"""`python -m kiosk enrol --code 7K4Q-92MX-TB3W`: the kiosk's first certificate."""

import argparse
import sys
import time
from pathlib import Path
from typing import Literal

from kiosk import identity
from kiosk.identity import Identity, NotGiven
from kiosk.settings import SettingsError, load

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
    return _enrol(ours, chosen.centre or settings.central_url, chosen.code)


def _enrol(ours: Identity, url: str, code: str) -> Literal[0, 1]:
    """Ask until the operator has confirmed the key, where that is asked for."""
    shown = ""
    try:
        while fingerprint := ours.enrol(url, code):
            if fingerprint != shown:
                _say(f"the operator compares: {fingerprint}")
            shown = fingerprint
            time.sleep(ASK_S)
    except NotGiven as no:
        _say(f"the centre gave no certificate: {no}")
        return 1
    _say(f"enrolled until {ours.not_after():%Y-%m-%d}")
    return 0


def _say(sentence: object) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a command's output
