"""The panel's light, by the files of Linux's backlight class.

Source: Linux, Documentation/ABI/stable/sysfs-class-backlight: `max_brightness` is the most,
`brightness` what is asked for, both a decimal number in a file.
"""

from pathlib import Path

from kiosk.services.levels import FULL, LEAST_LIGHT


class Backlight:
    """The light of one folder such as "/sys/class/backlight/…"; "" for a panel that has none.

    The machine keeps it: a program that begins anew changes nothing, and systemd-backlight brings
    it back after the machine was off.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) if folder else None

    def percent(self) -> int | None:
        """How bright it is; None where there is no such light, or it does not say."""
        try:
            return round(FULL * self._number("brightness") / self._number("max_brightness"))
        except (OSError, ValueError, ZeroDivisionError):
            return None

    def set(self, percent: int) -> None:
        """Be so bright, from `LEAST_LIGHT` to all there is.

        Raises OSError where there is none, or the kiosk's user may not write it (attendant),
        ValueError for a file that holds no number.
        """
        most = self._number("max_brightness")
        wanted = round(most * min(FULL, max(LEAST_LIGHT, percent)) / FULL)
        self._file("brightness").write_text(f"{wanted}\n", "ascii")

    def _number(self, name: str) -> int:
        return int(self._file(name).read_text("ascii"))

    def _file(self, name: str) -> Path:
        if self._folder is None:
            raise FileNotFoundError(name)
        return self._folder / name
