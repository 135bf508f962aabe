"""Plain pictures of an older store: sealed once, by `python -m central migrate`."""

import hashlib
import re
from pathlib import Path

from sqlalchemy import select

from central.database import Database
from central.images.records import Image, Piece
from central.images.service import add_content
from central.images.vault import FOLDER, Vault

_HASH = re.compile(r"[0-9a-f]{64}")


def seal_plain(database: Database, folder: Path, vault: Vault) -> int:
    """Seal every plain picture and remove its plain file; how many were sealed.

    May be broken off and run again. A file that is missing or damaged is left as it is: reading
    it says so.
    """
    with database.read() as session:
        names = list(session.scalars(select(Image.sha256).where(Image.content.is_(None))))
    sealed = sum(_seal(database, folder, vault, name) for name in names)
    _sweep(database, folder)
    return sealed


def _seal(database: Database, folder: Path, vault: Vault, name: str) -> bool:
    path = folder / FOLDER / name[:2] / name
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != name:
        return False
    key = vault.new_content()
    piece = vault.put(key, 0, data)
    with database.write() as session:
        add_content(session, key)
        session.add(Piece(object=piece, content=key.content, offset=0, size=len(data)))
        session.get_one(Image, name).content = key.content
    return True


def _sweep(database: Database, folder: Path) -> None:
    """Remove the plain files whose picture is sealed."""
    for path in folder.glob(f"{FOLDER}/[0-9a-f][0-9a-f]/*"):
        if _HASH.fullmatch(path.name):
            with database.read() as session:
                image = session.get(Image, path.name)
            if image is not None and image.content is not None:
                path.unlink()
