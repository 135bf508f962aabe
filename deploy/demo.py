"""`make demo SERVICE=…`: a scripted citizen is served, and the centre is asked whether it is so."""

import argparse
import io
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import zxingcpp
from PIL import Image

from deploy.card_lists import town
from deploy.citizen import SCRIPTS, At, perform
from deploy.eyes import Seen, UnseenError
from deploy.fleet_demo import fleet_demo
from deploy.program import ROOT, ProgramError
from deploy.stage import KIOSK_ID, PEOPLE, Stage

NEW_BATCH = "new_batch"
BUILD = ROOT / "build" / "demo"
FLEET = "fleet"
"""No service of the regulation: operators afar and three kiosks (deploy.fleet_demo)."""


class DemoError(Exception):
    """The visit did not end as it should; the text says what the centre or the slip has instead."""


class Album:
    """A picture and a time a step."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage, self._folder = stage, folder
        self._began = time.monotonic()
        self.steps: list[dict[str, Any]] = []

    def add(self, at: At, seen: Seen) -> None:
        """Keep the picture of a step."""
        name = f"{len(self.steps) + 1:02}-{at.step}.png"
        self._stage.screenshot().save(self._folder / name)
        after = round(time.monotonic() - self._began, 2)
        row = {"step": at.step, "after_s": after, "title": seen.title, "picture": name}
        self.steps.append(row)
        print(f"{after:7.2f} s  {at.step:15} {seen.title}", flush=True)


def qr_of(slip: bytes) -> str:
    """What the one QR code on a slip (PNG) holds. DemoError when it is not exactly one."""
    picture = Image.open(io.BytesIO(slip))
    codes = [
        code
        for code in zxingcpp.read_barcodes(picture)
        if code.format == zxingcpp.BarcodeFormat.QRCode
    ]
    if len(codes) != 1:
        raise DemoError(f"the slip has {len(codes)} QR codes that can be read, and should have one")
    return codes[0].text


def held(stage: Stage, service: str) -> dict[str, Any]:
    """The one application that the centre holds, of this service."""
    rows = stage.central("list")
    if [row["service"] for row in rows] != [service]:
        raise DemoError(f"the centre should hold one {service}, and holds {len(rows)} cases")
    return stage.central("show", rows[0]["voucher_no"])


def handed_in(stage: Stage) -> dict[str, Any]:
    """The one unit's list that the centre holds of this kiosk."""
    answer = httpx.get(
        f"{stage.centre_url}/v1/batches", params={"kiosk_id": KIOSK_ID}, trust_env=False
    )
    batches = answer.raise_for_status().json()["batches"]
    if len(batches) != 1:
        raise DemoError(f"the centre should hold one list, and holds {len(batches)}")
    return batches[0]


def application(stage: Stage, slip: bytes) -> dict[str, Any]:
    """The application that the slip's QR code leads to."""
    answer = httpx.post(
        f"{stage.centre_url}/v1/vouchers/resolve", json={"qr": qr_of(slip)}, trust_env=False
    )
    if answer.is_error:
        raise DemoError(f"the centre does not know the slip's QR code: {answer.text}")
    return stage.central("show", answer.json()["voucher_no"])


def compared(stage: Stage, service: str, folder: Path) -> dict[str, Any]:
    """What the centre holds, to which the slip, kept in `folder`, has to lead."""
    slip = stage.dock.slip("last") if stage.dock.slips() else b""
    if slip:
        (folder / "slip.png").write_bytes(slip)
    if service == NEW_BATCH:
        batch = handed_in(stage)
        if batch["batch_no"] not in qr_of(slip):
            raise DemoError("the slip leads to another list than the centre holds")
        return {"batch": batch}
    row = held(stage, service)
    if slip and application(stage, slip) != row:
        raise DemoError("the slip leads to another application than the centre holds")
    return {"application": row}


def demo(folder: Path, service: str) -> None:
    """Leave pictures, the slip as slip.png where there is one, and report.json in `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    people = town(folder / "stage", PEOPLE)
    with Stage(folder / "stage", people=people) as stage:
        album = Album(stage, folder)
        try:
            perform(stage, SCRIPTS[service](), album.add)
        except UnseenError:
            stage.screenshot().save(folder / "failed.png")
            raise
        report = {"service": service, "steps": album.steps, **compared(stage, service, folder)}
    text = json.dumps(report, ensure_ascii=False, indent=2)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Exit code 0 when the centre holds exactly this application and the slip leads to it."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    known = [*SCRIPTS, "all", FLEET]
    parser.add_argument("--service", choices=known, default="new_individual")
    parser.add_argument("--folder", type=Path, default=BUILD, help="each service in one below it")
    arguments = parser.parse_args()
    services = SCRIPTS if arguments.service == "all" else [arguments.service]
    for service in services:
        folder = arguments.folder / service
        try:
            fleet_demo(folder) if service == FLEET else demo(folder, service)
        except (DemoError, ProgramError, UnseenError) as error:
            print(f"demo: {service}: {error}", file=sys.stderr)
            return 1
        print(f"demo: {service}: as it should be at the centre; see {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
