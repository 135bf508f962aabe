"""The file of a backup: a tar whose last member is a manifest, and SHA-256 over it all at the end.

`tables.sqlite3` or `tables.pgdump`, `images/ab/…` (sealed as they are), `secrets/…` where chosen,
then `manifest.json` with the size and SHA-256 of each. Behind the tar's end stand the 32 bytes of
the SHA-256 over everything before; `tar -tf` reads the file all the same.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol, Self, cast

MANIFEST = "manifest.json"
TABLES = {"sqlite": "tables.sqlite3", "postgresql": "tables.pgdump"}
IMAGES, SECRETS = "images", "secrets"
FORMAT = 1

_BLOCK = 1024 * 1024
_DIGEST = 32
_MOST_MANIFEST = 1 << 30
_NAME = re.compile(
    rf"{re.escape(MANIFEST)}|tables\.(sqlite3|pgdump)|{IMAGES}/[0-9a-f]{{2}}/[0-9a-f]{{32,64}}"
    rf"|{SECRETS}(/[0-9A-Za-z_][0-9A-Za-z._-]*)+"
)


class BackupError(Exception):
    """A backup or a restore that cannot be; the text says why and what to do."""


BROKEN = "the backup is cut off or altered: nothing was restored; take another one"


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> int:
        """Take the bytes."""
        ...


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes, none at the end."""
        ...


class Writer:
    """Writes members, then the manifest, then the digest. A block that raises leaves it there."""

    def __init__(self, sink: Sink) -> None:
        self._out = _Hashed(sink)
        self._tar = tarfile.open(  # noqa: SIM115 - `close` ends it
            mode="w|", fileobj=cast("IO[bytes]", self._out)
        )
        self._members: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.sink = _Nowhere()  # tarfile writes an end even to what was given up
        self._tar.close()

    def add(self, name: str, size: int, source: IO[bytes]) -> None:
        """Write one member of exactly this size."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        counted = _Counted(source)
        self._tar.addfile(member, cast("IO[bytes]", counted))
        self._members[name] = {"size": size, "sha256": counted.digest.hexdigest()}

    def close(self, **facts: Any) -> str:
        """Write the manifest and the end; the SHA-256 of the manifest."""
        manifest = {"format": FORMAT, **facts, "members": self._members}
        data = json.dumps(manifest, ensure_ascii=False, sort_keys=True).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(data), 0o600
        self._tar.addfile(member, io.BytesIO(data))
        self._tar.close()
        self._out.sink.write(self._out.digest.digest())
        return hashlib.sha256(data).hexdigest()


def read(source: Source, place: Callable[[str], Path]) -> tuple[dict[str, Any], str]:
    """Write every member to its place; the manifest, and its SHA-256, once all is verified.

    Raises `BackupError` for anything that is not byte for byte what was written.
    """
    tail = _Tail(source)
    seen: dict[str, dict[str, Any]] = {}
    data = b""
    try:
        with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", tail)) as tar:
            for member in tar:
                body = tar.extractfile(member)
                if data or body is None or not _NAME.fullmatch(member.name) or not member.isreg():
                    raise BackupError(BROKEN)
                if member.name == MANIFEST:
                    data = body.read(_MOST_MANIFEST)
                elif member.name in seen:
                    raise BackupError(BROKEN)
                else:
                    seen[member.name] = _extract(body, place(member.name))
        tail.drain()
        manifest = json.loads(data)
    except (tarfile.TarError, ValueError, EOFError):
        raise BackupError(BROKEN) from None
    if not tail.whole or manifest.get("members") != seen:
        raise BackupError(BROKEN)
    if manifest["format"] != FORMAT:
        raise BackupError("the backup is of a newer program: restore it with that one")
    return manifest, hashlib.sha256(data).hexdigest()


def _extract(body: IO[bytes], path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while block := body.read(_BLOCK):
            digest.update(block)
            size += len(block)
            file.write(block)
    return {"size": size, "sha256": digest.hexdigest()}


class _Nowhere:
    """A sink that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)


class _Hashed:
    """A sink that hashes what goes through."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.sink.write(data)


class _Counted:
    """A source that hashes what is read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


class _Tail:
    """A source that keeps back the last 32 bytes: the digest of all before."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._held = b""
        self._digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        while len(self._held) < size + _DIGEST:
            block = self._source.read(_BLOCK)
            if not block:
                break
            self._held += block
        end = max(0, min(size, len(self._held) - _DIGEST))
        data, self._held = self._held[:end], self._held[end:]
        self._digest.update(data)
        return data

    def drain(self) -> None:
        """Read what is behind the tar's end."""
        while self.read(_BLOCK):
            pass

    @property
    def whole(self) -> bool:
        """Whether the digest is right; once all is read."""
        return self._held == self._digest.digest()
