"""A file that is there whole or not at all, also when the power goes."""

import json
import os
from pathlib import Path
from typing import Any


def put(path: Path, data: bytes, mode: int = 0o666, owner: tuple[int, int] | None = None) -> None:
    """Put data in place of what was there. Raises OSError, and the old one stays.

    `mode` is of the new file, less the umask; `owner` its user and group, where they are others.
    """
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        if owner:
            os.fchown(descriptor, *owner)
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
    sync(path.parent)


def remove(path: Path) -> None:
    """Take away what is there, if anything, for good. Raises OSError."""
    path.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlast the power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_json(path: Path, value: object) -> None:
    """Put a value in place of what was there. Raises OSError, and the old one stays."""
    put(path, json.dumps(value, ensure_ascii=False).encode())


def read_json(path: Path) -> Any:
    """What is there; None where nothing is. Raises OSError, and ValueError for what is no JSON."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
