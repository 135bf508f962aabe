"""Where certificates are kept: two files each, JSON and PDF, whole or not at all.

`000012-20261129.json` is the twelfth, of that day: they are in the order of their numbers, whatever
the clock said. Those of the last 200 days on which there were any stay, a thousand at most.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk import whole_file
from kiosk.identity import Identity
from kiosk.readiness.certificate import ROOT, Certificate, read, written

FOLDER = "certificates"
DAYS = 200
MOST = 1000
SHEET_S = 60.0
"""How long the sheet may take to be made, on a machine that has other things to do."""
_NAME = re.compile(r"[0-9]{6,}-[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A certificate as its file has it, under its number."""

    number: int
    file: bytes
    certificate: Certificate


class Archive:
    """The certificates in a kiosk's folder. `put` is for one thread at a time."""

    def __init__(self, data_dir: Path, identity: Identity | None) -> None:
        self.folder, self._identity = data_dir / FOLDER, identity

    def put(self, certificate: Certificate) -> Path:
        """Keep a certificate; where it is. Raises OSError, and ValueError for a broken key."""
        self.folder.mkdir(parents=True, exist_ok=True)
        names = self._names()
        number = int(names[-1].partition("-")[0]) + 1 if names else 1
        path = self.folder / f"{number:06}-{certificate.at:%Y%m%d}.json"
        whole_file.put(path, written(certificate, self._identity))
        self._forget([*names, path.stem])
        return path

    def sheet(self, path: Path) -> None:
        """Make the sheet of paper beside a certificate, in a process of its own.

        Its font alone takes 90 MB of memory, which the kiosk would keep. Raises OSError, also when
        the process fails or takes too long.
        """
        frozen = getattr(sys, "frozen", False)
        command = [sys.executable, *([] if frozen else ["-m", "kiosk"])]
        command += ["certificates", "sheet", str(path.resolve())]
        where = None if frozen else ROOT
        try:
            subprocess.run(  # noqa: S603 - ourselves
                command,
                cwd=where,
                check=True,
                timeout=SHEET_S,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except subprocess.SubprocessError as error:
            raise OSError("the sheet was not made") from error

    def last(self) -> Kept | None:
        """The last certificate that can be read, with its file."""
        return next(self._read(reversed(self._names())), None)

    def newest(self) -> Certificate | None:
        """The last certificate that can be read."""
        last = self.last()
        return last.certificate if last else None

    def printed_on(self, day: date) -> bool:
        """Whether a slip came out on a day."""
        of_day = (name for name in self._names() if name.endswith(f"-{day:%Y%m%d}"))
        return any(each.certificate.printed for each in self._read(of_day))

    def _names(self) -> list[str]:
        """The certificates' names, the oldest first."""
        found = {each.stem for each in self.folder.glob("*.json") if _NAME.fullmatch(each.stem)}
        return sorted(found, key=lambda name: int(name.partition("-")[0]))

    def _read(self, names: Iterator[str]) -> Iterator[Kept]:
        for name in names:
            try:
                file = (self.folder / f"{name}.json").read_bytes()
                yield Kept(int(name.partition("-")[0]), file, read(file))
            except (OSError, ValueError):  # what rotted is no certificate
                continue

    def _forget(self, names: list[str]) -> None:
        """Remove the oldest. A clock that was years ahead for a day makes no other one old."""
        days = list(dict.fromkeys(name.partition("-")[2] for name in reversed(names)))[:DAYS]
        kept = {name for name in names[-MOST:] if name.partition("-")[2] in days}
        for name in names:
            if name not in kept:
                for ending in ("json", "pdf"):
                    (self.folder / f"{name}.{ending}").unlink(missing_ok=True)
