"""The devices of the settings: one driver each, nothing opened yet."""

from collections.abc import Callable
from pathlib import Path

from hardware.auxiliaries import driver as auxiliaries
from hardware.auxiliaries.driver import Auxiliaries
from hardware.camera.driver import Camera
from hardware.card_transport import driver as card_transport
from hardware.card_transport.driver import CardFound, MotorSlot
from hardware.chip import CardSlot
from hardware.device import Device
from hardware.fault import DeviceFault
from hardware.id_reader.driver import IdReader, Options
from hardware.id_reader.ports import Ports
from hardware.media.contents import Limits
from hardware.media.driver import StickSlot
from hardware.pin_pad.driver import EncryptingPad
from hardware.pin_pad.entry import PinPad
from hardware.pin_pad.screen_pad import Layout, ScreenPad
from hardware.printer.driver import Printer
from hardware.social_card import profile as social_card
from hardware.social_card.driver import PcscSlot
from hardware.sound.driver import Sound
from kiosk.attendant.loudness import Loudness
from kiosk.settings import Settings

ROOT = Path(__file__).parent.parent
PROFILES = ROOT / "config" / "profiles"
RECORDINGS = ROOT / "assets" / "sounds"
STICK = Limits(files=40_000, total_bytes=16 << 30)
"""What a unit's stick may hold: pictures of 10,000 people, looked at, sent, and listed again."""


class ProfileError(Exception):
    """A file of config/profiles cannot be used; the message says where and why."""


class Devices:
    """Every device there is at this kiosk; None for one that the settings do without.

    `printer_interrupted`: whoever printed before may have been killed in the middle of a slip.
    `sound_lost` is told, from a thread of its own, when sound is lost (a fault) and back (None).
    Raises `MissingFont` when the Chinese font for slips is not installed, `ProfileError`.
    """

    NAMES = (
        "id_reader",
        "social_card",
        "printer",
        "camera",
        "document_camera",
        "pin_pad",
        "media",
        "auxiliaries",
        "sound",
    )

    def __init__(
        self,
        settings: Settings,
        *,
        printer_s: float = 3.0,
        printer_interrupted: bool = False,
        sound_lost: Callable[[DeviceFault | None], None] = lambda _fault: None,
    ) -> None:
        self.id_reader = _id_reader(settings)
        self.printer = _printer(settings, printer_s, interrupted=printer_interrupted)
        self.camera = Camera(settings.camera_source, "camera")
        self.document_camera = Camera(settings.document_camera_source, "document_camera")
        self.pin_pad = _pin_pad(settings)
        root = settings.media_mount_root
        self.media = StickSlot(root, STICK) if root else None
        try:
            self.card_profile = _card_profile(settings)
            self.social_card = _card_slot(settings)
            self.auxiliaries = _auxiliaries(settings)
        except (OSError, ValueError) as error:
            raise ProfileError(
                f"[social_card] model or profile, or config/profiles: {error}"
            ) from error
        self.loudness = Loudness(settings.data_dir)
        self.sound = _sound(settings, sound_lost)
        self._turn_up(settings)

    def tune(self, settings: Settings) -> None:
        """Be as these settings say, so far as that opens and closes nothing.

        Raises OSError and ValueError for a card's profile that cannot be read.
        """
        self._turn_up(settings)
        self.card_profile = _card_profile(settings)

    def _turn_up(self, settings: Settings) -> None:
        if self.sound is not None:
            self.sound.set_volume(self.loudness.under(settings.sound_volume))

    @property
    def cameras(self) -> dict[str, Camera]:
        """Give both cameras by their names."""
        return {each.name: each for each in (self.camera, self.document_camera)}

    def all(self) -> dict[str, Device]:
        """Give the devices there are by their names in settings and faults."""
        rows = {name: getattr(self, name) for name in self.NAMES}
        return {name: device for name, device in rows.items() if device is not None}

    def close(self) -> None:
        """Let go of every device."""
        for device in self.all().values():
            device.close()


def _id_reader(settings: Settings) -> IdReader:
    """The reader; should it have to look for its port, it leaves the others' alone."""
    others = (
        settings.printer_port,
        settings.social_card_port,
        settings.pin_pad_port,
        settings.auxiliaries_port,
    )
    return IdReader(
        settings.id_reader_port,
        settings.id_reader_baudrate,
        Options(
            fingerprint=settings.id_reader_fingerprint,
            newest_address=settings.id_reader_newest_address,
            photo_command=settings.id_reader_photo_command,
        ),
        Ports(taken=tuple(port for port in others if port)),
    )


def _printer(settings: Settings, patience_s: float, *, interrupted: bool) -> Printer:
    return Printer(
        settings.printer_port,
        settings.printer_width_mm,
        settings.printer_mode,
        settings.printer_baudrate,
        interrupted=interrupted,
        patience_s=patience_s,
    )


def _card_slot(settings: Settings) -> CardSlot | None:
    match settings.social_card_driver:
        case "pcsc":
            return PcscSlot(settings.social_card_reader)
        case "crt591":
            file, model = PROFILES / "card_transport.toml", settings.social_card_model
            return MotorSlot(
                settings.social_card_port,
                settings.social_card_baudrate,
                card_transport.read_profile(file, model),
                CardFound(settings.social_card_card_found),
            )
        case "none":
            return None


def _pin_pad(settings: Settings) -> PinPad:
    if settings.pin_pad_driver == "screen":
        return ScreenPad(Layout(settings.pin_pad_layout))
    return EncryptingPad(settings.pin_pad_port, terminal_key=f"epp-{settings.kiosk_id}-01")


def _auxiliaries(settings: Settings) -> Auxiliaries | None:
    if settings.auxiliaries_driver == "none":
        return None
    profile = auxiliaries.read_profile(PROFILES / "auxiliaries.toml")
    return Auxiliaries(settings.auxiliaries_port, settings.auxiliaries_unit, profile)


def _card_profile(settings: Settings) -> social_card.Profile:
    return social_card.read_profile(PROFILES / "social_card.toml", settings.social_card_profile)


def _sound(settings: Settings, lost: Callable[[DeviceFault | None], None]) -> Sound | None:
    if not settings.sound_device:
        return None
    return Sound(
        settings.sound_device, settings.sound_headset, recordings=RECORDINGS, on_fault=lost
    )
