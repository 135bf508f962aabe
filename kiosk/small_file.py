"""A small file of JSON that is there whole or not at all, also when the power goes."""

import json
import os
from pathlib import Path
from typing import Any


def write(path: Path, value: object) -> None:
    """Put a value in place of what was there. Raises OSError, and the old one stays."""
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def read(path: Path) -> Any:
    """What is there; None where nothing is. Raises OSError, and ValueError for what is no JSON."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
