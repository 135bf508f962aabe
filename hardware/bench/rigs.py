"""What stands on the bench: a row a device, with what a hand can do to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hardware.auxiliaries.driver import read_profile
from hardware.auxiliaries.simulator import AuxiliariesSimulator
from hardware.bench.card_reader import Slot, social_card
from hardware.bench.id_cards import TROUBLES, chip
from hardware.bench.people import Person
from hardware.bench.refusal import Refusal
from hardware.bench.simulated import Simulated
from hardware.camera.simulator import CameraSimulator
from hardware.id_reader.simulator import IdReaderSimulator
from hardware.media.simulator import StickSimulator
from hardware.pin_pad.simulator import PinPadSimulator
from hardware.printer.simulator import PrinterSimulator
from hardware.social_card.blank_card import BlankCard
from hardware.sound.simulator import SoundSimulator


class Order(BaseModel):
    """What a hand does, as the dock is told; no value is left over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Order):
    """An act that needs no words."""


class OfPerson(Order):
    """Whose card: a key of the people file."""

    person: str


class MadeCard(Order):
    """A card made on another bench: `key` tells it from others here, `card` is what it holds."""

    key: str
    card: dict[str, Any]


class PrinterOrder(Order):
    """What is done to the printer; what is left out stays as it is.

    `jam_after`: so many lines of dots still come out. `bytes_per_s`: how fast it prints, 0 as fast
    as it can.
    """

    paper: Literal["full", "low", "out"] | None = None
    cover: Literal["open", "closed"] | None = None
    cutter: Literal["ok", "error"] | None = None
    jam_after: int | None = Field(default=None, ge=0)
    bytes_per_s: int | None = Field(default=None, ge=0)


class SceneOrder(Order):
    """What is before a camera; `slip` is the last one that was cut, laid under it."""

    scene: Literal["portrait", "page", "slip"]


class LightOrder(Order):
    """Whether it is light before a camera."""

    light: Literal["on", "off"]


class KeysOrder(Order):
    """Keys pressed on the PIN pad: digits, then enter, cancel, clear or backspace."""

    keys: list[str] = Field(max_length=20)


class ContactOrder(Order):
    """A contact of the lamp board, and what it says now."""

    contact: str
    word: str


class StickOrder(Order):
    """A folder on this machine whose files are on the stick."""

    folder: str


@dataclass(frozen=True)
class Act:
    """Something a hand does: what has to be said for it, and the doing."""

    order: type[Order]
    do: Callable[[Any], None]


@dataclass(frozen=True)
class Rig:
    """A device on the bench: where the kiosk finds it, and what can be done to it and seen."""

    device: Simulated
    start: Callable[[], object]
    address: Callable[[], str]
    acts: Mapping[str, Act]
    state: Callable[[], Mapping[str, Any]] = dict


People = Mapping[str, Person]


def _person(people: People, key: str) -> Person:
    if key not in people:
        raise Refusal(f"nobody has the key {key!r}: see /api/people")
    return people[key]


def id_reader(link: Path, baudrate: int, people: People) -> Rig:
    """The reader of identity cards."""
    reader, seen = IdReaderSimulator(link, baudrate), dict[str, str | None](person=None)

    def place(order: OfPerson) -> None:
        person = _person(people, order.person)
        if person.id_card is None:
            raise Refusal(f"{order.person} has no ID card: use the document camera and the keypad")
        reader.place(chip(person, person.id_card), TROUBLES[person.id_card.fault])
        seen["person"] = person.key

    def remove(_order: Nothing) -> None:
        reader.remove()
        seen["person"] = None

    acts = {"place": Act(OfPerson, place), "remove": Act(Nothing, remove)}
    return Rig(reader, reader.start, lambda: str(reader.link), acts, lambda: seen)


def printer(printer: PrinterSimulator) -> Rig:
    """The receipt printer."""
    seen: dict[str, Any] = {"paper": "full", "cover": "closed", "cutter": "ok"}

    def change(order: PrinterOrder) -> None:
        if order.paper:
            printer.paper(order.paper)
        if order.cover:
            printer.cover(order.cover)
        if order.cutter:
            printer.cutter_error(order.cutter == "error")
        if order.jam_after is not None:
            printer.fail_after("media_jammed", lines=order.jam_after)
        if order.bytes_per_s is not None:
            printer.slow(order.bytes_per_s or None)
        kept = {"paper", "cover", "cutter"}
        seen.update(order.model_dump(exclude_none=True, include=kept))

    def free(_order: Nothing) -> None:
        printer.jam(False)
        printer.fail_after("media_jammed", lines=None)

    acts = {"state": Act(PrinterOrder, change), "free": Act(Nothing, free)}
    return Rig(
        printer,
        printer.start,
        lambda: printer.address,
        acts,
        lambda: seen | {"slips": len(printer.slips)},
    )


def camera(scene: str, port: int, fps: int, slip: Callable[[], bytes]) -> Rig:
    """A camera; `slip` gives the last slip as a PNG."""
    made, shown = CameraSimulator(scene, port, fps), {"scene": scene, "light": "on"}

    def show(order: SceneOrder) -> None:
        if order.scene == "slip":
            made.show_picture(slip())
        else:
            made.show(order.scene)
        shown["scene"] = order.scene

    def light(order: LightOrder) -> None:
        made.light(on=order.light == "on")
        shown["light"] = order.light

    acts = {"scene": Act(SceneOrder, show), "light": Act(LightOrder, light)}
    return Rig(made, made.start, lambda: made.url, acts, lambda: shown)


def card_slot(slot: Slot, people: People) -> Rig:
    """The slot for social cards: a dip reader behind pcscd, or a motorised one."""

    def insert(order: OfPerson) -> None:
        person = _person(people, order.person)
        if person.id_card is None:
            raise Refusal(f"{order.person} has no social card on this bench")
        if not slot.insert(person.key, lambda: social_card(person)):
            raise Refusal("the slot is shut, or there is a card in it")

    def carry(order: MadeCard) -> None:
        try:
            card = BlankCard.of(order.card)
        except (KeyError, TypeError, ValueError):
            raise Refusal("it is no card: send what the other bench says is `made`") from None
        if not slot.insert(order.key, lambda: card):
            raise Refusal("the slot is shut, or there is a card in it")

    def take(_order: Nothing) -> None:
        slot.take()

    acts = {
        "insert": Act(OfPerson, insert),
        "carry": Act(MadeCard, carry),
        "take": Act(Nothing, take),
    }
    return Rig(slot, slot.start, lambda: slot.address, acts, slot.state)


def pin_pad(link: Path) -> Rig:
    """The encrypting PIN pad."""
    pad = PinPadSimulator(link)

    def press(order: KeysOrder) -> None:
        pad.press(*order.keys)

    acts = {"press": Act(KeysOrder, press)}
    return Rig(pad, pad.start, lambda: str(pad.link), acts, lambda: {"on": pad.on})


def auxiliaries(link: Path, profile: Path) -> Rig:
    """The lamp and input board."""
    board = AuxiliariesSimulator(link, read_profile(profile))

    def feel(order: ContactOrder) -> None:
        try:
            board.set(order.contact, order.word)
        except (KeyError, ValueError):
            raise Refusal(f"there is no contact {order.contact!r} that says that") from None

    acts = {"contact": Act(ContactOrder, feel)}
    return Rig(
        board, board.start, lambda: str(board.link), acts, lambda: {"lights": board.lights()}
    )


def media(root: Path) -> Rig:
    """A port for USB sticks."""
    port = StickSimulator(root)

    def insert(order: StickOrder) -> None:
        if not Path(order.folder).is_dir():
            raise Refusal(f"{order.folder!r} is no folder")
        port.insert(order.folder)

    def pull(_order: Nothing) -> None:
        port.pull()

    acts = {"insert": Act(StickOrder, insert), "pull": Act(Nothing, pull)}
    return Rig(
        port,
        lambda: root.mkdir(parents=True, exist_ok=True),
        lambda: str(root),
        acts,
        lambda: {"mounted": port.mounted},
    )


def sound(folder: Path) -> Rig:
    """A speaker and a headset; the address is the ALSA configuration that names them."""
    made = SoundSimulator(folder)
    return Rig(made, made.start, lambda: str(made.config), {})
