"""A reader of identity cards without hardware: the same bytes, at the same pace, from a pty."""

from collections.abc import Container
from pathlib import Path

from hardware.id_reader.commands import COMMANDS, Command
from hardware.id_reader.sam import IdCard, Sam, Trouble
from hardware.wire.serial_device import SerialDevice

__all__ = ["IdCard", "IdReaderSimulator", "Trouble"]


class IdReaderSimulator(SerialDevice):
    """A reader that is plugged in at `link`, a symbolic link to its pty.

    A paper stays on it when it is unplugged. `finds_again` False is the stricter kind of reader,
    which finds a paper once; `knows` are the commands it has. In the language of faults they have
    the names of `commands.COMMANDS`; a frame that came damaged is `damaged`, any other `unknown`.
    """

    def __init__(
        self,
        link: Path | str,
        baudrate: int = 115200,
        *,
        finds_again: bool = True,
        knows: Container[Command] = COMMANDS,
    ) -> None:
        self._sam = Sam(finds_again=finds_again, knows=knows)
        super().__init__(link, baudrate, self._sam)

    def place(self, card: IdCard, trouble: Trouble = Trouble.NONE) -> None:
        """Put a paper on the glass, in place of any other."""
        self._sam.place(card, trouble)

    def remove(self) -> None:
        """Take the paper away."""
        self._sam.place(None, Trouble.NONE)

    def break_down(self, *, broken: bool = True) -> None:
        """Let its self-test fail, or pass again."""
        self._sam.broken = broken
