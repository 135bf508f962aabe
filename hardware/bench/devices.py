"""The simulated devices together, and what the dock can do to them."""

import shutil
import threading
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hardware.bench import rigs
from hardware.bench.card_reader import CardReader, MotorReader, Slot
from hardware.bench.people import Person, read_people, sentence
from hardware.bench.refusal import Refusal
from hardware.bench.rigs import Rig
from hardware.bench.settings import Settings
from hardware.printer.simulator import PrinterSimulator
from hardware.wire.faults import SOUND, Kind, WireFault, parse

T = TypeVar("T", bound=BaseModel)

_FOLDERS = ("media", "sound", "pcscd")
PROFILES = Path(__file__).parents[2] / "config" / "profiles"


class Bench:
    """All simulated devices of a kiosk; any thread may call it, one is heard at a time."""

    def __init__(self, settings: Settings, config_dir: Path, state_dir: Path) -> None:
        self._hands = threading.RLock()  # the dock's and the script's
        self._people = read_people(config_dir / settings.people)
        self._printer = PrinterSimulator(settings.printer.width_mm, tcp_port=settings.printer.port)
        self._folder = state_dir
        self._rigs = self._stand(settings, state_dir)
        self._faults = dict.fromkeys(self._rigs, SOUND)
        self._running: list[Rig] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The devices on the bench."""
        return tuple(self._rigs)

    def start(self) -> None:
        """Start every device; OSError if a port is taken, PcscdError if pcscd cannot be had.

        `stop` stops those that did start.
        """
        for rig in self._rigs.values():
            rig.start()
            self._running.append(rig)

    def stop(self) -> None:
        """Stop what was started, in reverse."""
        while self._running:
            self._running.pop().device.stop()
        for name in _FOLDERS:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def addresses(self, dock_port: int) -> dict[str, str]:
        """Give where each device is, as the kiosk's settings take it."""
        found = {name: rig.address() for name, rig in self._rigs.items()}
        return found | {"dock": f"http://127.0.0.1:{dock_port}/"}

    def state(self) -> dict[str, dict[str, Any]]:
        """Give what is the matter with each device, and what can be done to it."""
        return {
            name: {
                **rig.state(),
                "fault": str(self._faults[name]),
                "acts": {act: _words(row.order) for act, row in rig.acts.items()},
            }
            for name, rig in self._rigs.items()
        }

    def people_shown(self) -> list[Mapping[str, Any]]:
        """Give the demo people as the page shows them."""
        return [_shown(person) for person in self._people.values()]

    def do(self, device: str, act: str, **words: Any) -> None:
        """Do with a device what a hand does; Refusal says why it cannot be done."""
        row = self._rig(device).acts.get(act)
        if row is None:
            acts = ", ".join(self._rig(device).acts)
            raise Refusal(f"with {device} one can do: {acts}", HTTPStatus.NOT_FOUND)
        try:
            order = row.order.model_validate(words)
        except ValidationError as error:
            raise Refusal(sentence(error)) from None
        with self._hands:
            row.do(order)

    def go_wrong(self, device: str, fault: WireFault | str) -> None:
        """Let a device go wrong, in the language of faults; `none` mends it."""
        rig = self._rig(device)
        try:
            fault = parse(fault) if isinstance(fault, str) else fault
        except ValueError as error:
            raise Refusal(str(error)) from None
        with self._hands:
            rig.device.go_right()
            if fault.kind is not Kind.NONE:
                rig.device.go_wrong(fault)
            self._faults[device] = fault

    def device(self, name: str) -> Any:
        """Give the simulator itself, for what has no act."""
        return self._rig(name).device

    def slip_count(self) -> int:
        """Give how many slips were cut."""
        return len(self._printer.slips)

    def slip_png(self, which: str) -> bytes:
        """Give a slip as PNG: `last`, or its number from 1."""
        count = self.slip_count()
        number = count if which == "last" else int(which) if which.isdecimal() else 0
        if not 1 <= number <= count:
            raise Refusal(f"there is no slip {which!r}: {count} so far", HTTPStatus.NOT_FOUND)
        return self._printer.png(number - 1)

    def _stand(self, settings: Settings, folder: Path) -> dict[str, Rig]:
        one, other = settings.camera, settings.document_camera
        found = {
            "id_reader": rigs.id_reader(
                folder / "id_reader", settings.id_reader.baudrate, self._people
            ),
            "printer": rigs.printer(self._printer),
            "camera": rigs.camera("portrait", one.port, one.fps, self._last_slip),
            "document_camera": rigs.camera("page", other.port, other.fps, self._last_slip),
            "pin_pad": rigs.pin_pad(folder / "pin_pad"),
            "auxiliaries": rigs.auxiliaries(folder / "auxiliaries", PROFILES / "auxiliaries.toml"),
            "media": rigs.media(folder / "media"),
            "sound": rigs.sound(folder / "sound"),
        }
        slot = _slot(settings.social_card.driver, folder)
        return found | ({"social_card": rigs.card_slot(slot, self._people)} if slot else {})

    def _last_slip(self) -> bytes:
        return self.slip_png("last")

    def _rig(self, device: str) -> Rig:
        if device not in self._rigs:
            raise Refusal(f"there is no device {device!r}", HTTPStatus.NOT_FOUND)
        return self._rigs[device]


def _slot(driver: str, folder: Path) -> Slot | None:
    match driver:
        case "pcsc":
            return CardReader(folder / "pcscd")
        case "crt591":
            return MotorReader(folder / "social_card")
        case _:
            return None


def _words(order: type[BaseModel]) -> dict[str, Any]:
    """Give what has to be said for an act: the values to choose from, or the kind of value."""
    schema: dict[str, Any] = order.model_json_schema()
    return {
        name: _choices(row) or row.get("type") or "value"
        for name, row in schema.get("properties", {}).items()
    }


def _choices(row: Mapping[str, Any]) -> list[Any]:
    rows = [row, *row.get("anyOf", [])]
    return [value for each in rows for value in each.get("enum", [])]


def _shown(person: Person) -> Mapping[str, Any]:
    card = person.id_card
    return {
        "key": person.key,
        "name": person.name,
        "id_number": person.id_number,
        "in_centre": person.in_centre,
        "id_card": card is not None,
        "fault": card.fault if card else "",
    }
