"""config/bench.toml, read strictly."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hardware.bench.people import read_table


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Port = Field(default=0, ge=0, le=65535)


class DockSettings(_Table):
    """Where the dock listens; 0 takes a free port."""

    port: int = Port


class IdReaderSettings(_Table):
    """The pace of the serial line."""

    baudrate: int = Field(default=115200, ge=1200)


class PrinterSettings(_Table):
    """Where the printer listens, and the width of its paper."""

    port: int = Port
    width_mm: Literal[58, 80] = 80


class CameraSettings(_Table):
    """Where a camera listens, and how fast it is."""

    port: int = Port
    fps: int = Field(default=20, ge=1, le=60)


class SocialCardSettings(_Table):
    """What the slot for social cards is: behind a real pcscd (needs root), motorised, or none."""

    driver: Literal["pcsc", "crt591", "none"] = "crt591"


class Settings(_Table):
    """The whole file; every key has a default."""

    people: str = "people.toml"
    dock: DockSettings = DockSettings()
    id_reader: IdReaderSettings = IdReaderSettings()
    printer: PrinterSettings = PrinterSettings()
    camera: CameraSettings = CameraSettings()
    document_camera: CameraSettings = CameraSettings(fps=15)
    social_card: SocialCardSettings = SocialCardSettings()


def read_settings(path: Path) -> Settings:
    """Give the settings of a file; BenchError naming file, key and what is wrong."""
    return read_table(path, Settings)
