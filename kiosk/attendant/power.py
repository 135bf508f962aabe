"""The machine is switched off by an attendant."""

import subprocess
from dataclasses import dataclass

from kiosk.desk import Ask
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant_answers import ATTENDANT
from kiosk.visit import Event, Failed

WITHIN_S = 60.0
"""By then the machine has ended this program, or it does not go off."""


@dataclass(frozen=True, slots=True)
class Power:
    """Runs the machine's `command`, which ends this program as any shutdown does."""

    command: tuple[str, ...]
    log: Log

    def off(self, ask: Ask) -> Event | None:
        """Switch off; where the machine refuses, or nothing happens, the attendant is told."""
        who = ATTENDANT.of(ask.visit.facts) if ask.visit else None
        self.log.write(
            LogEvent.ATTENDANT_DID, id=who.id if who else "", what="power_off", detail=""
        )
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
                self.command, timeout=WITHIN_S, check=False, capture_output=True
            )
        except (OSError, subprocess.TimeoutExpired):
            return Failed("attendant_failed", "power")
        if done.returncode == 0 and ask.cancel.wait(WITHIN_S):
            return None
        return Failed("attendant_failed", "power")
