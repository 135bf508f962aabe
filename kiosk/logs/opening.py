"""The log as the kiosk opens it at its start: mended where the power tore it, and nothing lost."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk import whole_file
from kiosk.log import Event, Log
from kiosk.logs import days
from kiosk.logs.chain import End, chained
from kiosk.logs.checkpoints import Checkpoints
from kiosk.logs.folder import Folder

FOLDER = "log"
OLD = "events.log"
"""What the log was before it was a folder: its lines begin the chain."""
_KB = 1024


def folder_of(data_dir: Path) -> Path:
    """Where a kiosk's log is."""
    return data_dir / FOLDER


def open_log(data_dir: Path, now: Callable[[], datetime]) -> tuple[Log, Folder]:
    """The log of a kiosk, going on where it ended. Raises OSError: it says what to do."""
    path = folder_of(data_dir)
    path.mkdir(mode=0o700, exist_ok=True)
    old = data_dir / OLD
    if not days.every(path):
        _take_over(old, path, now())
    folder = Folder(path, lambda: now().date())
    if old.exists():
        _take_in(old, folder)
    log = Log(folder, now, folder.crowded)
    if folder.mended:
        log.write(Event.LOG_MENDED, what="torn", count=-(-folder.mended // _KB))
    last = Checkpoints(path).last
    if last is not None and last.end.seq > folder.end.seq:
        gone = last.end.seq - folder.end.seq
        folder.go_on_after(last.end)
        log.write(Event.LOG_MENDED, what="gone", count=gone)
    return log, folder


def _take_over(old: Path, path: Path, now: datetime) -> None:
    """Begin the chain with the lines of the one file there was before."""
    end, told = End(), list[bytes]()
    for line in _lines(old):
        chain, end = chained(end, line)
        told.append(chain + b"\n")
    if told:
        whole_file.put(days.named(path, 1, now.date()).path, b"".join(told), 0o600)


def _take_in(old: Path, folder: Folder) -> None:
    """Remove that file; its lines go on the chain where they do not begin it.

    They do, but where the program before this one was put back for a while.
    """
    lines = _lines(old)
    if lines and not _first(folder).endswith(lines[0][1:].encode()):
        for line in lines:
            folder.write(line)
        folder.sync()
    whole_file.remove(old)


def _first(folder: Folder) -> bytes:
    """The log's first line; nothing where it cannot be read: better written twice than not."""
    try:
        return next((line for day in days.every(folder.path)[:1] for line in day.lines()), b"")
    except days.DamagedError:
        return b""


def _lines(old: Path) -> list[str]:
    """Its lines; what is no JSON object was torn, and is no line."""
    text = old.read_text("utf-8", errors="replace") if old.exists() else ""
    return [line for line in text.splitlines() if line.startswith('{"') and line.endswith("}")]
