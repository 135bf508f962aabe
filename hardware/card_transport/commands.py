"""What the reader can be asked, a row a command, and what its refusals mean, a row a code.

Source and confidence of every row: docs/devices/card_transport.md.
"""

from dataclasses import dataclass
from enum import StrEnum

from hardware.card_transport.frames import Reply
from hardware.card_transport.position import Event
from hardware.card_transport.profile import Profile
from hardware.chip import ChipGone, ChipMute
from hardware.device import Supply
from hardware.fault import Cure

_REPLY_FRAME = 4 + 3 + 3 + 2  # F2 ADDR LEN, P CM PM, st0 st1 st2, 03 BCC


class Takes(StrEnum):
    """What a command takes its time for: the profile's seconds."""

    NO_TIME = ""
    PATH = "path_s"
    FEED = "feed_s"
    INITIALISE = "initialise_s"
    CHIP = "chip_s"


@dataclass(frozen=True)
class Command:
    """A command: its CM PM, what it takes time for, how many bytes of data its reply has at most.

    `repeatable`: done twice it is as if done once, so it may be sent again when its answer was
    lost. `effect`: what is true of the card after it was done.
    """

    name: str
    code: bytes
    takes: Takes = Takes.NO_TIME
    largest: int = 0
    repeatable: bool = False
    effect: Event | None = None

    def deadline_s(self, profile: Profile, baudrate: int) -> float:
        """Give the seconds from its ACK to the end of its reply: the motion's and the wire's."""
        moving_s = getattr(profile, self.takes) if self.takes else 0.0
        return moving_s + profile.ack_s + wire_s(_REPLY_FRAME + self.largest, baudrate)


def wire_s(count: int, baudrate: int) -> float:
    """Give the seconds that so many bytes take, ten bits each (8N1)."""
    return count * 10 / baudrate


# A card that a hand pushes in is drawn in while these two are asked: so they may wait for it.
STATUS = Command("status", b"\x31\x30", Takes.PATH, repeatable=True)
FORBID = Command("forbid", b"\x33\x31", Takes.PATH, repeatable=True)
ALLOW = Command("allow", b"\x33\x30", repeatable=True)
SENSORS = Command("sensors", b"\x31\x31", largest=12, repeatable=True)

INITIALISE_EXIT = Command(
    "initialise_exit", b"\x30\x30", Takes.INITIALISE, 20, effect=Event.INITIALISED
)
INITIALISE_CAPTURE = Command(
    "initialise_capture", b"\x30\x31", Takes.INITIALISE, 20, effect=Event.CAPTURED
)
INITIALISE_LEAVE = Command(
    "initialise", b"\x30\x33", Takes.INITIALISE, 20, repeatable=True, effect=Event.INITIALISED
)

TO_GATE = Command("to_gate", b"\x32\x30", Takes.PATH)
TO_CONTACT = Command("to_contact", b"\x32\x31", Takes.PATH, effect=Event.CONTACT)
CAPTURE = Command("capture", b"\x32\x33", Takes.PATH, effect=Event.CAPTURED)
FEED = Command("feed", b"\x32\x32", Takes.FEED)  # what every move does when nothing is in the way

COLD_RESET = Command("cold_reset", b"\x51\x30", Takes.CHIP, 1 + 33)  # type, ATR
POWER_OFF = Command("power_off", b"\x51\x31", repeatable=True)
APDU = Command("apdu", b"\x51\x39", Takes.CHIP, 258)

SERIAL_NUMBER = Command("serial_number", b"\xa2\x30", largest=32, repeatable=True)
FIRMWARE = Command("firmware", b"\xa4\x30", largest=32, repeatable=True)
BIN_COUNT = Command("bin_count", b"\xa5\x30", largest=3, repeatable=True)
SET_BIN_COUNT = Command("set_bin_count", b"\xa5\x31", repeatable=True)

COMMANDS = (
    STATUS,
    FORBID,
    ALLOW,
    SENSORS,
    INITIALISE_EXIT,
    INITIALISE_CAPTURE,
    INITIALISE_LEAVE,
    TO_GATE,
    TO_CONTACT,
    CAPTURE,
    FEED,
    COLD_RESET,
    POWER_OFF,
    APDU,
    SERIAL_NUMBER,
    FIRMWARE,
    BIN_COUNT,
    SET_BIN_COUNT,
)


@dataclass(frozen=True)
class Refusal:
    """What an e1 e0 means: XFS4IoT's word, the cure, what it says of the card and of its chip."""

    code: str
    text: str
    detail: str
    cure: Cure
    event: Event | None = None
    chip: type[ChipGone | ChipMute] | None = None


_HARD = ("hardware_error", Cure.ATTENDANT)
_JAM = ("media_jam", Cure.ATTENDANT, Event.JAM)
_MUTE = ("atr_not_obtained", Cure.RETRY, None, ChipMute)
_GONE = ("invalid_media", Cure.RETRY, None, ChipGone)

NOT_RESET = "B0"
NOT_POWERED = "65"
REFUSALS = {
    row.code: row
    for row in (
        Refusal("00", "undefined command", "unsupported_command", Cure.ATTENDANT),
        Refusal("01", "parameter wrong", "invalid_command", Cure.ATTENDANT),
        Refusal("02", "not in this order", "sequence_error", Cure.RETRY),
        Refusal("03", "not supported by this hardware", "unsupported_command", Cure.ATTENDANT),
        Refusal("04", "data wrong", "invalid_data", Cure.RETRY),
        Refusal("05", "contacts not released", *_HARD),
        Refusal("10", "card jammed", *_JAM),
        Refusal("12", "sensor broken", *_HARD),
        Refusal("13", "card too long", "card_too_long", Cure.RETRY),
        Refusal("14", "card too short", "card_too_short", Cure.RETRY),
        Refusal("40", "card cannot be captured, or was taken meanwhile", *_HARD, Event.LOST),
        Refusal("41", "magnet of the contacts broken", *_HARD),
        Refusal("43", "card cannot be moved to the contacts", *_JAM),
        Refusal("45", "card moved by hand", "user_error", Cure.RETRY, Event.LOST, ChipGone),
        Refusal("50", "bin counter at its end", "retain_bin_full", Cure.REFILL),
        Refusal("51", "motor broken", *_HARD),
        Refusal("60", "short circuit of the chip's power", *_MUTE),
        Refusal("61", "chip cannot be activated", *_MUTE),
        Refusal("62", "not supported by this chip", "protocol_not_supported", *_MUTE[1:]),
        Refusal("63", "chip did not answer in time, and was powered off", *_GONE),
        Refusal("64", "chip broke its protocol, and was powered off", *_GONE),
        Refusal(NOT_POWERED, "chip is not powered", *_GONE),
        Refusal("66", "not possible with this chip now", *_GONE),
        Refusal("67", "transmission to the chip failed", *_GONE),
        Refusal("68", "transmission to the chip took too long", *_GONE),
        Refusal("69", "chip does not follow EMV", *_MUTE),
        Refusal("A0", "stacker empty", "no_media", Cure.REFILL),
        Refusal("A1", "bin full", "retain_bin_full", Cure.REFILL),
        Refusal(NOT_RESET, "not initialised since it was powered", "device_not_ready", Cure.RETRY),
    )
}
UNLISTED = Refusal("", "a code that no source has", *_HARD)

_PLACES = {"0": Event.ABSENT, "1": Event.GATE, "2": Event.INSIDE}
_LEVELS = {"0": Supply.EMPTY, "1": Supply.LOW, "2": Supply.OK}
_EFFECTS = {
    (Event.CONTACT, Event.INSIDE): (Event.CONTACT,),
    (Event.CAPTURED, Event.ABSENT): (Event.CAPTURED,),
    (Event.INITIALISED, Event.ABSENT): (Event.INITIALISED, Event.ABSENT),
    (Event.INITIALISED, Event.GATE): (Event.INITIALISED, Event.GATE),
    (Event.INITIALISED, Event.INSIDE): (Event.INITIALISED, Event.INSIDE),
}


def events(command: Command, reply: Reply) -> tuple[Event, ...]:
    """Give what a command that was done says of the card, in order; LOST for an unknown st0."""
    place = _PLACES.get(reply.words[0], Event.LOST)
    return _EFFECTS.get((command.effect, place), (place,)) if command.effect else (place,)


def supplies(reply: Reply, profile: Profile) -> dict[str, Supply]:
    """Give the levels of stacker and bin (st1, st2)."""
    _, stacker, full = reply.words
    bin_level = Supply.FULL if full == profile.bin_full else Supply.OK
    levels = {"retain_bin": bin_level if full in "01" else Supply.UNKNOWN}
    if profile.stacker:
        levels["stacker"] = _LEVELS.get(stacker, Supply.UNKNOWN)
    return levels
