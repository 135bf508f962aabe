"""Whose byte is it: answers, echoes and reports told apart in what a printer sends.

An answer to DLE EOT is `0xx1xx10`, the first byte of a report (ASB) `0xx1xx00`; the other three of
a report and an answer to GS r are both `0xx0xxxx`, and only their place tells them apart.
Source: docs/devices/printer.md, Status.
"""

from dataclasses import dataclass
from typing import Literal

from hardware.printer import frames

Kind = Literal["status", "echo", "report", "stray"]


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing the printer said: one byte, four of a report."""

    kind: Kind
    data: bytes


class Sorter:
    """Takes byte after byte, any bytes; holds at most three of a report that has begun.

    A report that lost a byte swallows an echo: then the echo is missed, which is a fault. The
    other way round a byte of a report would pass for an echo, and a slip for printed.
    """

    def __init__(self) -> None:
        self._report = b""

    def take(self, byte: int) -> Heard | None:
        """What is complete with this byte."""
        data = bytes((byte,))
        if frames.begins_report(byte):
            self._report = data
            return None
        if frames.is_status(byte):
            return Heard("status", data)
        if not frames.is_echo(byte):
            return Heard("stray", data)
        if not self._report:
            return Heard("echo", data)
        self._report += data
        if len(self._report) < frames.REPORT:
            return None
        report, self._report = self._report, b""
        return Heard("report", report)


def sort(data: bytes) -> list[Heard]:
    """All that a printer said, in order."""
    sorter = Sorter()
    return [heard for byte in data if (heard := sorter.take(byte))]
