"""The receipt printer: a slip counts as printed only when the printer says so afterwards."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from typing import Literal

from hardware.fault import Cure, DeviceFault
from hardware.printer import raster, slip
from hardware.printer.conversation import Conversation, Garbage, Stuck, Unable
from hardware.printer.document import Document, Text
from hardware.printer.frames import BAND, Status
from hardware.printer.link import Link, check_port, connect

DOTS = {58: 384, 80: 576}
"""Printable dots of a line by width of the paper in mm (8 dots a mm)."""

CURES = {
    "paper_out": Cure.REFILL,
    "cover_open": Cure.ATTENDANT,
    "media_jammed": Cure.ATTENDANT,
    "cutter_error": Cure.ATTENDANT,
    "hardware_error": Cure.ATTENDANT,
    "offline": Cure.RETRY,
    "time_out": Cure.REPLUG,
    "no_device": Cure.REPLUG,
}
"""Every detail a printer's fault can have, and who can mend it."""

VOID = (Text("以上凭证未打完 作废\nThe slip above is incomplete and void", bold=True),)
"""Ends a slip that broke off, so that it is neither used nor handed out with the next one."""

_SLOWEST_DOTS_PER_S = 200  # 25 mm/s: a hot head, or a weak power supply
_USUAL_DOTS_PER_S = 800  # 100 mm/s


class PrinterFault(DeviceFault):
    """The printer cannot print. `detail` is a key of `CURES`.

    `begun`: something of the slip may have come out. The slip does not count even so.
    """

    def __init__(self, detail: str, *, begun: bool) -> None:
        super().__init__("printer", CURES[detail], detail)
        self.begun = begun


class Printer:
    """An ESC/POS printer on `port`, which is "tcp://host:port" or a serial path.

    The link is opened for each job and closed after it, so it cannot rot while nobody prints,
    and a printer that was away is found again by the next job. One thread at a time.

    `mode` "auto" is raster over TCP; on a serial line text, with the lines that hold characters
    outside GBK as pictures. `patience_s` is how long the printer may be silent.
    `interrupted`: whoever printed before may have been killed in the middle of a slip. Raises
    `MissingFont` when the Chinese font is not installed, and `ValueError` for a bad `port`,
    width or mode. Source: `docs/devices/printer.md`.
    """

    def __init__(  # noqa: PLR0913 - the printer's settings, the last two by name
        self,
        port: str,
        width_mm: int = 80,
        mode: Literal["auto", "raster", "text"] = "auto",
        baudrate: int = 115200,
        *,
        patience_s: float = 3.0,
        interrupted: bool = False,
    ) -> None:
        if width_mm not in DOTS:
            raise ValueError(f"width_mm must be one of {sorted(DOTS)}")
        if mode not in {"auto", "raster", "text"}:
            raise ValueError("mode must be auto, raster or text")
        check_port(port)
        raster.face(24)
        raster.face(24, bold=True)
        self.dots = DOTS[width_mm]
        self._port = port
        self._baudrate = baudrate
        self._patience_s = patience_s
        tcp = port.startswith("tcp://")
        automatic: slip.Mode = "raster" if tcp else "mixed"
        self._mode: slip.Mode = automatic if mode == "auto" else mode
        self._bytes_per_s = 50_000 if tcp else baudrate / 10
        self._interrupted = interrupted
        self._echoes: bool | None = None  # whether it answers GS r; not known yet
        self._begun = False  # a slip is being printed, or broke off
        self._stub = False  # a slip that broke off hangs out, not cut
        self._left_over = False  # the printer may still hold something of a job

    def status(self) -> Status:
        """What the printer says of itself; `PrinterFault` if it says nothing or nonsense."""
        with self._conversation() as talk:
            return talk.status()

    def print(self, document: Document) -> None:
        """Print a slip and cut it. Returns when it is out, whole, and the printer well behind it.

        Raises `PrinterFault`; what the printer had not printed by then is cancelled and is not
        printed later. `ValueError` if a QR code of the document does not fit on the paper.
        """
        parts = [*slip.parts(document, self.dots, self._mode), slip.TAIL]
        with self._conversation() as talk:
            talk.check()
            self._left_over = True
            self._prepare(talk)
            if self._stub:
                self._put(talk, [*slip.parts(VOID, self.dots, self._mode), slip.TAIL])
                self._stub = False
            self._begun = True
            self._put(talk, parts)
            self._begun = self._left_over = False

    def _prepare(self, talk: Conversation) -> None:
        """Bring the printer to its beginning, after a killed sender even out of a picture.

        A picture that was cut off swallows what comes next, so it is filled up with NUL (white;
        between commands a printer ignores it). A printer that gives no echo, and never gave one,
        does not know GS r.
        """
        talk.send(slip.HEAD)
        if self._echoes is False:
            return
        try:
            talk.used_up(self._patience_s)
        except Stuck:
            if self._echoes is None and not self._interrupted:
                self._echoes = False
                return
            rest = bytes(BAND * self.dots // 8) + slip.HEAD
            try:
                self._put(talk, [slip.Part(rest, BAND)])
            except Stuck:
                if self._echoes:
                    raise
                self._echoes = False
                return
            self._stub = True
        self._echoes, self._interrupted = True, False

    def _put(self, talk: Conversation, parts: Iterable[slip.Part]) -> None:
        """Print part by part: no more than one is ever waiting in the printer.

        A printer without GS r is watched for as long as it needs.
        """
        for part in parts:
            talk.send(part.data)
            wire_s = len(part.data) / self._bytes_per_s
            if self._echoes is False:
                talk.watch(wire_s + part.dots / _USUAL_DOTS_PER_S)
            else:
                talk.used_up(wire_s + part.dots / _SLOWEST_DOTS_PER_S + self._patience_s)

    @contextmanager
    def _conversation(self) -> Generator[Conversation]:
        """An open link; on any fault the job is cancelled, at the latest by the next one."""
        self._stub |= self._begun
        self._begun = False
        try:
            link = connect(self._port, self._baudrate, self._patience_s)
        except OSError as error:
            raise PrinterFault("no_device", begun=False) from error
        talk = Conversation(link, self._patience_s)
        try:
            if self._left_over:
                talk.cancel()
                self._left_over = False
            yield talk
        except (OSError, Stuck, Garbage, Unable) as error:
            self._left_over = self._left_over and not _cancelled(talk)
            raise PrinterFault(_detail(error), begun=self._begun) from error
        finally:
            _hang_up(link, forget=self._left_over)


def _detail(error: Exception) -> str:
    match error:
        case Unable():
            return error.status.trouble
        case TimeoutError() | Stuck():
            return "time_out"
        case Garbage():
            return "hardware_error"
        case _:
            return "no_device"


def _cancelled(talk: Conversation) -> bool:
    try:
        talk.cancel()
    except (OSError, Garbage):  # the fault that is being told already says why
        return False
    return True


def _hang_up(link: Link, *, forget: bool) -> None:
    # a line that went away cannot be closed properly, and the next job opens a new one
    with suppress(OSError):
        link.close(forget=forget)
