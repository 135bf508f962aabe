"""When a guide lamp is lit and when the alarm sounds: tables, and time that is given.

Flash words and kinds of alarm are those of XFS4IoT (Lights, Auxiliaries); the times are our own. No
lamp flashes faster than three times a second (WCAG 2.3.1); all are multiples of `TICK_S`.
"""

from dataclasses import dataclass
from enum import StrEnum

TICK_S = 0.05
"""How exactly a beat can be kept."""


class Flash(StrEnum):
    """Lights.SetLight flashRate."""

    OFF = "off"
    SLOW = "slow"
    MEDIUM = "medium"
    QUICK = "quick"
    CONTINUOUS = "continuous"


class Alarm(StrEnum):
    """Auxiliaries audibleAlarm off, and the kinds of an audible signal."""

    OFF = "off"
    EXCLAMATION = "exclamation"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Beat:
    """So many ticks on, so many off, so many times; `times` None: until told otherwise."""

    on: int
    off: int
    times: int | None = None

    def is_on(self, elapsed_s: float) -> bool:
        """Tell whether it is on so many seconds after it began."""
        turn, tick = divmod(int(elapsed_s / TICK_S + 1e-6), self.on + self.off)
        return tick < self.on and (self.times is None or turn < self.times)


FLASHES = {
    Flash.OFF: Beat(0, 1),
    Flash.SLOW: Beat(20, 20),  # 0.5 Hz
    Flash.MEDIUM: Beat(10, 10),  # 1 Hz
    Flash.QUICK: Beat(5, 5),  # 2 Hz
    Flash.CONTINUOUS: Beat(1, 0),
}

ALARMS = {
    Alarm.OFF: Beat(0, 1),
    Alarm.EXCLAMATION: Beat(4, 4, times=1),
    Alarm.WARNING: Beat(4, 4, times=2),
    Alarm.ERROR: Beat(10, 6, times=3),
    Alarm.CRITICAL: Beat(10, 10),
}
