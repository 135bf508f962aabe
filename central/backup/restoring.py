"""Restores a backup into an empty folder: verified first, all or nothing."""

import os
import secrets
import shutil
from pathlib import Path
from typing import IO, Any

from central.backup import tables
from central.backup.archive import SECRETS, TABLES, BackupError, Source, read
from central.backup.sealed import MAGIC, SealedReader, identity
from central.database import FILE
from central.files import sync_folder
from central.images.store import Folder, Objects
from central.images.vault import FOLDER, STORE, open_objects


def restore(  # noqa: PLR0913 - each is a choice of who restores
    source: Path,
    folder: Path,
    *,
    url: str = "",
    key: bytes | None = None,
    secrets_from: Path | None = None,
    manifest: str | None = None,
) -> dict[str, Any]:
    """Restore a backup into a folder that is empty or not there; all or nothing.

    `key` opens a sealed backup, `secrets_from` is a folder with the secrets a backup is without,
    `manifest` the SHA-256 that `back_up` told. Raises `BackupError`.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty: restore into an empty folder")
    staging = folder.absolute().with_name(f".{folder.name}.{secrets.token_hex(4)}")
    staging.mkdir(parents=True, mode=0o700)
    try:
        with source.open("rb") as file:
            told, digest = read(_opened(file, key), lambda name: _place(staging, name))
        _check(told, digest, manifest, url)
        _settle(staging, told, url, secrets_from)
        staging.rename(folder)
    except BaseException:  # whatever it was: nothing half is left
        shutil.rmtree(staging)
        raise
    sync_folder(folder.absolute().parent)
    return {"made_at": told["made_at"], "form": told["form"], "manifest": digest}


def _check(told: dict[str, Any], digest: str, manifest: str | None, url: str) -> None:
    """Raise for a backup that is whole, but does not belong here."""
    if manifest not in {None, digest}:
        raise BackupError("the backup is whole, but not the one with this manifest")
    if told["store"] != ("postgresql" if url else "sqlite"):
        raise BackupError(
            f"the backup is of {told['store']}: "
            + ("unset DATABASE_URL" if url else "set DATABASE_URL to an empty database")
        )
    if url:
        tables.check_empty(url)


def _settle(staging: Path, told: dict[str, Any], url: str, secrets_from: Path | None) -> None:
    """Put the verified members where the program looks for them."""
    if not told["with_secrets"]:
        _take_secrets(staging, told["secrets"], secrets_from)
    dump = staging / TABLES["postgresql"]
    if os.environ.get(STORE):
        _upload(staging / FOLDER, open_objects(staging))
    if not url:
        tables.unsign(staging, url)
    _sync(staging)
    if url:
        tables.load(url, dump)
        tables.unsign(staging, url)
        dump.unlink()


def _take_secrets(staging: Path, names: list[str], secrets_from: Path | None) -> None:
    missing = [name for name in names if not (secrets_from and (secrets_from / name).is_file())]
    if missing:
        raise BackupError(
            "the backup is without its secrets: give --secrets-from a folder with "
            + ", ".join(missing)
        )
    for name in names:
        (staging / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(secrets_from or "") / name, staging / name)


def _upload(images: Path, objects: Objects) -> None:
    """Put the objects into the store that is no folder; plain pictures stay in the folder."""
    local = Folder(images)
    for name, _ in list(local.names()):
        objects.put(name, local.get(name))
        local.delete(name)


def _place(staging: Path, name: str) -> Path:
    if name == TABLES["sqlite"]:
        return staging / FILE
    return staging / name.removeprefix(f"{SECRETS}/")


def _opened(file: IO[bytes], key: bytes | None) -> Source:
    if file.read(len(MAGIC)) != MAGIC:
        file.seek(0)
        return file
    if key is None:
        raise BackupError("the backup is sealed: give --identity, the recipient's private key")
    return SealedReader(file, identity(key))


def _sync(folder: Path) -> None:
    """Make every file and name under a folder durable."""
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)
