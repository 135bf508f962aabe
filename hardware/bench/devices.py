"""The simulated devices together, and what the dock can do to them."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hardware.bench.id_cards import READER_FAULTS, TROUBLES, chip, reader_fault
from hardware.bench.people import Person, read_people
from hardware.bench.settings import Settings
from hardware.camera.simulator import CameraFault, CameraSimulator
from hardware.id_reader.simulator import IdReaderSimulator
from hardware.printer.simulator import PrinterSimulator

PRINTER_FAULTS = ("none", "unplug", "silence", "stall", "slow", "jam_after_lines")
_SLOW_BYTES_PER_S = 2000


class Refusal(Exception):  # noqa: N818 - an answer to whoever asked
    """An order that cannot be carried out; the text says why, `status` is HTTP's."""

    def __init__(self, text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(text)
        self.status = status


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceOrder(_Order):
    """Whose ID card to put on the reader: a key of the people file."""

    person: str


class PrinterOrder(_Order):
    """What to do to the printer; what is left out stays as it is."""

    paper: Literal["full", "low", "out"] | None = None
    cover: Literal["open", "closed"] | None = None
    cutter: Literal["ok", "error"] | None = None


class FaultOrder(_Order):
    """What shall be wrong with a device; `none` mends it.

    `lines` of dots still come out before a jam; a stalled ID reader answers `seconds` late.
    """

    kind: str
    lines: int = Field(default=200, ge=0)
    seconds: float = Field(default=5.0, gt=0, le=600)


class SceneOrder(_Order):
    """What is before a camera."""

    scene: Literal["portrait", "page"]


class Bench:
    """All simulated devices of a kiosk. Call it from one thread at a time."""

    def __init__(self, settings: Settings, config_dir: Path, state_dir: Path) -> None:
        self._people = read_people(config_dir / settings.people)
        self._id_reader = IdReaderSimulator(state_dir / "id_reader", settings.id_reader.baudrate)
        self._printer = PrinterSimulator(settings.printer.width_mm, tcp_port=settings.printer.port)
        one, other = settings.camera, settings.document_camera
        self._cameras = {
            "camera": CameraSimulator("portrait", one.port, one.fps),
            "document_camera": CameraSimulator("page", other.port, other.fps),
        }
        self._placed: str | None = None
        self._faults = {"id_reader": "none", "printer": "none"}
        self._paper: PrinterOrder = PrinterOrder(paper="full", cover="closed", cutter="ok")
        self._running: list[IdReaderSimulator | PrinterSimulator | CameraSimulator] = []

    def start(self) -> None:
        """Start every device; OSError if a port is taken (`stop` stops those that did start)."""
        for device in (self._id_reader, self._printer, *self._cameras.values()):
            device.start()
            self._running.append(device)

    def stop(self) -> None:
        """Stop what was started, in reverse."""
        while self._running:
            self._running.pop().stop()

    def addresses(self, dock_port: int) -> dict[str, str]:
        """Give where each device is, as the kiosk's settings take it."""
        return {
            "id_reader": str(self._id_reader.link),
            "printer": self._printer.address,
            **{name: camera.url for name, camera in self._cameras.items()},
            "dock": f"http://127.0.0.1:{dock_port}/",
        }

    def state(self) -> dict[str, dict[str, Any]]:
        """Give what is the matter with each device, and which faults it can have."""
        cameras = {
            name: {"fault": camera.fault, "faults": list(CameraFault), "scene": camera.scene}
            for name, camera in self._cameras.items()
        }
        return {
            "id_reader": {
                "fault": self._faults["id_reader"],
                "faults": list(READER_FAULTS),
                "person": self._placed,
            },
            "printer": {
                "fault": self._faults["printer"],
                "faults": list(PRINTER_FAULTS),
                "slips": self.slip_count(),
                **self._paper.model_dump(),
            },
            **cameras,
        }

    def people_shown(self) -> list[Mapping[str, Any]]:
        """Give the demo people as the page shows them."""
        return [_shown(person) for person in self._people.values()]

    def place(self, order: PlaceOrder) -> None:
        """Put a person's ID card on the reader, instead of what lies there."""
        person = self._people.get(order.person)
        if person is None:
            raise Refusal(f"nobody has the key {order.person!r}: see /api/people")
        card = person.id_card
        if card is None:
            raise Refusal(f"{order.person} has no ID card: use the document camera and the keypad")
        self._id_reader.place(chip(person, card), TROUBLES[card.fault])
        self._placed = person.key

    def remove(self) -> None:
        """Take away what lies on the reader."""
        self._id_reader.remove()
        self._placed = None

    def set_printer(self, order: PrinterOrder) -> None:
        """Load or take out paper, open or close the cover, block or free the cutter."""
        if order.paper:
            self._printer.paper(order.paper)
        if order.cover:
            self._printer.cover(order.cover)
        if order.cutter:
            self._printer.cutter_error(order.cutter == "error")
        changed = order.model_dump(exclude_none=True)
        self._paper = self._paper.model_copy(update=changed)

    def set_fault(self, device: str, order: FaultOrder) -> None:
        """Make a device fail, or mend it; refuses a device or a fault that there is not."""
        state = self.state().get(device)
        if state is None:
            raise Refusal(f"there is no device {device!r}", HTTPStatus.NOT_FOUND)
        if order.kind not in state["faults"]:
            raise Refusal(f"{device} can have one of these: {', '.join(state['faults'])}")
        if device in self._cameras:
            self._cameras[device].set_fault(CameraFault(order.kind))
            return
        if device == "printer":
            self._break_printer(order)
        else:
            reader_fault(self._id_reader, order.kind, order.seconds)
        self._faults[device] = order.kind

    def show(self, device: str, order: SceneOrder) -> None:
        """Put something else before a camera."""
        if device not in self._cameras:
            raise Refusal(f"{device!r} is no camera", HTTPStatus.NOT_FOUND)
        self._cameras[device].show(order.scene)

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

    def _break_printer(self, order: FaultOrder) -> None:
        printer = self._printer
        printer.silent(order.kind == "silence")
        printer.stall(order.kind == "stall")
        printer.slow(_SLOW_BYTES_PER_S if order.kind == "slow" else None)
        printer.jam(False)
        is_jam = order.kind == "jam_after_lines"
        printer.fail_after("media_jammed", lines=order.lines if is_jam else None)
        if order.kind == "unplug":
            printer.unplug()
        else:
            printer.plug()


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
