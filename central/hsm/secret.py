"""A secret from outside: from the file `NAME_FILE` names, or from `NAME`; never an argument."""

import os
from pathlib import Path

from central.database import StoreError


def secret(name: str, otherwise: str | None = None) -> str:
    """The secret, without blanks around it; `StoreError` where there is none, with the cure."""
    path, text = os.environ.get(f"{name}_FILE"), os.environ.get(name, otherwise)
    if path:
        return read_secret(Path(path))
    if text is None:
        raise StoreError(f"set {name}_FILE to the secret's file, or {name} to the secret")
    return text.strip()


def read_secret(path: Path) -> str:
    """The secret of a file; `StoreError` if it cannot be read."""
    try:
        return path.read_text("ascii").strip()
    except UnicodeDecodeError:
        raise StoreError(f"{path}: a secret is plain ASCII text") from None
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from None
