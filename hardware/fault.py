"""What a device can have: one exception for all devices, and the cure that decides the screen."""

from enum import StrEnum


class Cure(StrEnum):
    """Who can mend a fault, and how."""

    RETRY = "retry"
    REPLUG = "replug"
    REFILL = "refill"
    ATTENDANT = "attendant"


class DeviceFault(Exception):  # noqa: N818 - a fault is what the trade calls it
    """A device cannot do what was asked.

    `device` is its folder's name, `cure` who can mend it, `detail` a word of the XFS4IoT
    vocabulary in snake case (`paper_out`, `media_jammed`, `time_out`, `hardware_error`,
    `device_not_ready`, `no_device`, `invalid_data`, ...). Never holds a personal datum.
    """

    def __init__(self, device: str, cure: Cure, detail: str) -> None:
        super().__init__(f"{device}: {detail} (cure: {cure})")
        self.device = device
        self.cure = cure
        self.detail = detail
