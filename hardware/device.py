"""What every device can be asked, in the words of XFS4IoT: capabilities, status, reset.

Source: facts of docs/devices/README.md; XFS4IoT, Common and CardReader.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from hardware.fault import Cure, DeviceFault


class State(StrEnum):
    """Common.Status device."""

    ONLINE = "online"
    OFFLINE = "offline"
    POWER_OFF = "power_off"
    NO_DEVICE = "no_device"
    HARDWARE_ERROR = "hardware_error"
    USER_ERROR = "user_error"
    DEVICE_BUSY = "device_busy"
    FRAUD_ATTEMPT = "fraud_attempt"
    POTENTIAL_FRAUD = "potential_fraud"
    STARTING = "starting"


class Media(StrEnum):
    """Where a card, a paper or a stick is (CardReader.Status media), and where it went."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    NOT_PRESENT = "not_present"
    JAMMED = "jammed"
    ENTERING = "entering"
    LATCHED = "latched"
    RETAINED = "retained"
    """In the bin, after a reset or a capture."""


class Supply(StrEnum):
    """How much is left, or how full a bin is (Storage replenishment)."""

    UNKNOWN = "unknown"
    OK = "ok"
    FULL = "full"
    HIGH = "high"
    LOW = "low"
    EMPTY = "empty"


@dataclass(frozen=True)
class Status:
    """What a device says of itself now.

    `media` is UNKNOWN where the device holds none. `supplies` by name (`paper`, `retain_bin`).
    `detail` and `cure` say what is wrong when `state` is not ONLINE.
    """

    state: State
    media: Media = Media.UNKNOWN
    supplies: Mapping[str, Supply] = field(default_factory=dict[str, Supply])
    detail: str = ""
    cure: Cure | None = None


@dataclass(frozen=True)
class Capabilities:
    """What a device is and can do: its class and kind in XFS4IoT's words, and its features.

    `kind` is the interface's own type (CardReader: motor, dip, ...); `features` are words such as
    `chip`, `retain`, `status_near_end`.
    """

    interface: str
    kind: str
    features: frozenset[str] = frozenset()


class Device(Protocol):
    """A device of the kiosk; its methods are for its worker's thread, one at a time.

    Every method but `capabilities` and `close` may raise `DeviceFault`, never anything else.
    """

    @property
    def name(self) -> str:
        """Its folder's name; the name in every fault, setting and event."""
        ...

    def capabilities(self) -> Capabilities:
        """Give what it can do; asks nothing of the device."""
        ...

    def status(self) -> Status:
        """Ask the device how it is."""
        ...

    def reset(self) -> Media:
        """Bring it to a known state and give where the card, paper or stick is now."""
        ...

    def close(self) -> None:
        """Let go of it; the next command takes it again."""
        ...


_STATES = {
    "no_device": State.NO_DEVICE,
    "time_out": State.OFFLINE,
    "offline": State.OFFLINE,
    "device_not_ready": State.DEVICE_BUSY,
    "camera_inoperable": State.OFFLINE,
}


def state_of(device: Device) -> Status:
    """Give the status of a device, also of one that cannot tell it: a fault is a status here."""
    try:
        return device.status()
    except DeviceFault as fault:
        return status_of(fault)


def status_of(fault: DeviceFault) -> Status:
    """Give what a fault says of its device."""
    state = _STATES.get(fault.detail, State.HARDWARE_ERROR)
    return Status(state, detail=fault.detail, cure=fault.cure)
