"""Takes a backup of a centre that serves: one file, consistent, whole or not there."""

import io
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from central import forms
from central.backup import tables
from central.backup.archive import IMAGES, SECRETS, TABLES, BackupError, Writer
from central.backup.sealed import SealedWriter, recipient
from central.database import FILE, Database
from central.files import sync_folder
from central.images.records import Image, Piece
from central.images.store import ObjectMissing, Objects
from central.images.vault import FOLDER, STORE, open_objects
from central.notices.gateway import FOLDER as SMS

_TRIES = 3
_ASIDE = {FOLDER, SMS, FILE, f"{FILE}-wal", f"{FILE}-shm", f"{FILE}-journal"}
"""What in the data folder is no secret."""


def back_up(  # noqa: PLR0913 - each is a choice of who takes it
    database: Database,
    folder: Path,
    out: Path,
    now: datetime,
    *,
    with_secrets: bool,
    to: bytes | None = None,
) -> dict[str, Any]:
    """Write a backup to a new file; what it holds. Others may go on writing meanwhile.

    `to` is the recipient's public key (PEM) to seal the file to. Raises `BackupError`.
    """
    if out.exists():
        raise BackupError(f"{out} is there already: give another name")
    with _whole(out) as file:
        sealed = SealedWriter(file, recipient(to)) if to else None
        with Writer(sealed or file) as writer:
            count = _add_store(writer, database, folder, out)
            names = list(_secrets(folder))
            for name in names if with_secrets else ():
                _add_file(writer, f"{SECRETS}/{name}", folder / name)
            digest = writer.close(
                made_at=now.isoformat(),
                form=forms.head(),
                store=_kind(database),
                secrets=names,
                with_secrets=with_secrets,
            )
        if sealed:
            sealed.close()
    return {"images": count, "secrets": len(names) if with_secrets else 0, "manifest": digest}


def _kind(database: Database) -> str:
    return "postgresql" if database.is_postgresql else "sqlite"


def _add_store(writer: Writer, database: Database, folder: Path, out: Path) -> int:
    """Add the images and the tables; how many images' objects."""
    with _scratch(out) as scratch:
        count = _add_images(writer, database, folder, scratch)
        _add_file(writer, TABLES[_kind(database)], scratch)
    return count


def _add_images(writer: Writer, database: Database, folder: Path, scratch: Path) -> int:
    """Add every object the tables know, and leave the tables in `scratch`.

    An object the shredder takes between is noticed; then the tables are taken again.
    """
    objects, done = open_objects(folder), set[str]()
    for _ in range(_TRIES):
        wanted = tables.snapshot(database, folder, scratch)
        gone = {name for name in wanted - done if not _add_object(writer, objects, name)}
        done |= wanted - gone
        with database.read() as session:
            known = set(session.scalars(select(Piece.object).where(Piece.object.in_(gone))))
        if known:
            raise BackupError(
                f"{len(known)} objects of images are not in the image store: check {STORE}"
            )
        if not gone:
            return len(done) + _add_plain(writer, database, folder)
    raise BackupError("images were shredded all the while: take the backup later")


def _add_object(writer: Writer, objects: Objects, name: str) -> bool:
    try:
        data = objects.get(name)
    except ObjectMissing:
        return False
    writer.add(f"{IMAGES}/{name[:2]}/{name}", len(data), io.BytesIO(data))
    return True


def _add_plain(writer: Writer, database: Database, folder: Path) -> int:
    """Pictures of an older store that are not sealed yet."""
    with database.read() as session:
        names = list(session.scalars(select(Image.sha256).where(Image.content.is_(None))))
    paths = [path for name in names if (path := folder / FOLDER / name[:2] / name).exists()]
    for path in paths:
        _add_file(writer, f"{IMAGES}/{path.parent.name}/{path.name}", path)
    return len(paths)


def _add_file(writer: Writer, name: str, path: Path) -> None:
    with path.open("rb") as file:
        writer.add(name, path.stat().st_size, file)


def _secrets(folder: Path) -> Generator[str]:
    """Every other file of the data folder: keys, certificates, what only this centre has."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and name.parts[0] not in _ASIDE:
            yield name.as_posix()


@contextmanager
def _whole(out: Path) -> Generator[IO[bytes]]:
    """A file that has its name once it is whole and durable."""
    fresh = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(out)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(out.absolute().parent)


@contextmanager
def _scratch(out: Path) -> Generator[Path]:
    """A file for the tables beside the backup, gone afterwards."""
    path = out.with_name(f".{out.name}.{secrets.token_hex(4)}.tables")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
