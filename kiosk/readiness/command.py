"""`python -m kiosk certificates verify FILE`: whether it is whole, by which kiosk, and when.

`certificates sheet FILE` makes the sheet of paper beside it anew.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from hardware.printer.raster import MissingFont
from kiosk import whole_file
from kiosk.readiness.certificate import of, verified
from kiosk.signed import SignatureError

KIND_TO_OTHERS = 10
"""So much the sheet's making stands back behind people who are served (nice)."""


def main(argv: list[str]) -> int:
    """0 for a certificate that is whole, or a sheet that was made; 1, and why not, on stderr."""
    parser = argparse.ArgumentParser(prog="python -m kiosk certificates", description=__doc__)
    parser.add_argument("what", choices=("verify", "sheet"))
    parser.add_argument("file", type=Path, help="a file of the folder certificates, .json")
    parser.add_argument("--ca", type=Path, help="PEM: who gives kiosks their certificates")
    asked = parser.parse_args(argv)
    try:
        return _verify(asked.file, asked.ca) if asked.what == "verify" else _sheet(asked.file)
    except (OSError, ValueError, SignatureError, MissingFont) as error:
        sys.stderr.write(f"certificates: {error}\n")
        return 1


def _verify(file: Path, authority: Path | None) -> int:
    found = verified(file.read_bytes(), authority.read_bytes() if authority else b"")
    certificate = of(found.told)
    told = {
        "whole": True,
        "kiosk": found.kiosk,
        "at": found.told["at"],
        "authority": "checked" if authority else "not checked: --ca",
        "failed": {each.proof: each.reason for each in certificate.failed},
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


def _sheet(file: Path) -> int:
    from kiosk.readiness.sheet import make  # noqa: PLC0415 - nobody else needs its library

    os.nice(KIND_TO_OTHERS)
    whole_file.put(file.with_suffix(".pdf"), make(file))
    return 0
