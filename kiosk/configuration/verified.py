"""A document that is proven to be the centre's: TUF over the kiosk's own way to it.

The trusted root comes with the kiosk; what was verified before is kept in a folder, so that nothing
older is believed later (TUF 1.0.34; facts of python-tuf: docs/configuration.md). Each refresh works
in a copy, which takes the folder's place only when it named this kiosk's document: what is another
kiosk's, however well it is signed, leaves nothing behind.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata
from tuf.api.serialization import DeserializationError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from kiosk import whole_file
from kiosk.configuration import document
from kiosk.configuration.line import Line, StatusError
from kiosk.link import Unknown, Unreachable

SCHEME = "centre:"
"""Stands before a path where python-tuf wants an address; the line knows the rest."""
TIMESTAMP = "timestamp.json"


class UnverifiedError(Exception):
    """What came is not believed; `reason` says why in one word. Cure: the centre signs anew."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Proven:
    """A document's bytes, and its revision as the signed metadata give it."""

    revision: int
    data: bytes = field(repr=False)


class Verifier:
    """Fetches and proves the document of one kiosk. `now` is the kiosk's clock.

    `folder` holds a folder of metadata for each kiosk this machine ever was.

    Raises OSError when the root cannot be read, and `UnverifiedError` when it is none.
    """

    def __init__(
        self, root: Path, folder: Path, kiosk: str, line: Line, now: Callable[[], datetime]
    ) -> None:
        self._root, self._folder, self._kiosk = root.read_bytes(), folder / kiosk, kiosk
        self._draft, self._old = folder / f"{kiosk}.new", folder / f"{kiosk}.old"
        self._fetcher, self._now = _Fetcher(line), now
        self._named(lambda: Metadata[Any].from_bytes(self._root))

    def document(self) -> Proven | None:
        """The document the centre's metadata name now, whole and proven; None where there is none.

        Raises `UnverifiedError`, `Unreachable`, `Unknown`, OSError.
        """
        return self._named(self._fetched)

    def expires(self) -> datetime | None:
        """When the newest metadata that were believed expire; None before the first."""
        try:
            stamp = Metadata[Any].from_bytes((self._folder / TIMESTAMP).read_bytes())
        except (OSError, RepositoryError):
            return None
        return stamp.signed.expires

    def _fetched(self) -> Proven | None:
        self._copied()
        updater = self._updater()
        updater.refresh()
        target = updater.get_targetinfo(f"kiosk/{self._kiosk}.json")
        if target is None:
            if self._others(updater):
                raise UnverifiedError("other_kiosk")
            return None
        if target.length > document.MOST:
            raise UnverifiedError("too_large")
        path = self._draft / "document.json"
        try:
            updater.download_target(target, str(path))
        except LengthOrHashMismatchError:
            cut = len(self._fetcher.last) < target.length
            raise UnverifiedError("cut" if cut else "altered") from None
        data = path.read_bytes()
        path.unlink()
        revision = cast("dict[str, Any]", target.custom or {}).get("revision")
        if type(revision) is not int:
            raise UnverifiedError("inconsistent")
        self._swapped()
        return Proven(revision, data)

    def _copied(self) -> None:
        """A copy of what was believed, to work in; what a kill between two names left is mended."""
        if self._old.exists() and not self._folder.exists():
            self._old.rename(self._folder)
        for left in (self._draft, self._old):
            if left.exists():
                shutil.rmtree(left)
        if self._folder.exists():
            shutil.copytree(self._folder, self._draft, symlinks=True)
        else:
            self._draft.mkdir(parents=True)

    def _swapped(self) -> None:
        """The copy is what is believed from now on, also when the power goes."""
        for path in (*self._draft.rglob("*.json"), self._draft):
            whole_file.sync(path)
        if self._folder.exists():
            self._folder.rename(self._old)
        self._draft.rename(self._folder)
        if self._old.exists():
            shutil.rmtree(self._old)

    def _updater(self) -> Updater:
        updater = Updater(
            str(self._draft),
            SCHEME + "metadata/",
            str(self._draft),
            SCHEME + "targets/",
            self._fetcher,
            UpdaterConfig(max_root_rotations=64),
            bootstrap=self._root,
        )
        # python-tuf asks the system's clock and has no other way to be told the time
        updater._trusted_set.reference_time = self._now().astimezone(UTC)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return updater

    def _others(self, updater: Updater) -> bool:
        """Whether the metadata name documents, of other kiosks."""
        return bool(updater._trusted_set.targets.targets)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    def _named(self, act: Callable[[], Any]) -> Any:
        """What an act gives; each way the metadata may be bad by its name."""
        try:
            return act()
        except DownloadLengthMismatchError:
            raise UnverifiedError("altered") from None
        except DownloadError as error:
            raise _of_the_line(error) from None
        except RepositoryError as error:
            raise UnverifiedError(self._reason(error)) from None

    def _reason(self, error: RepositoryError) -> str:
        match error:
            case UnsignedMetadataError():
                return "wrong_key" if _signatures(self._fetcher.last) else "unsigned"
            case ExpiredMetadataError():
                return "expired"
            case BadVersionNumberError():
                return "older"
            case LengthOrHashMismatchError():
                return "altered"
            case DeserializationError():
                return "unreadable"
            case _:
                return "inconsistent"


class _Fetcher(FetcherInterface):
    """Fetches over the kiosk's own line; `last` is what came last."""

    def __init__(self, line: Line) -> None:
        self._line, self.last = line, b""

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.last = b""
        try:
            self.last = self._line.fetch(url.removeprefix(SCHEME))
        except StatusError as error:
            raise DownloadHTTPError(str(error), error.status) from error
        return iter((self.last,))


def _of_the_line(error: DownloadError) -> Exception:
    """What the line said, which python-tuf has wrapped."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Unreachable | Unknown):
            return cause
        cause = cause.__cause__
    return error


def _signatures(data: bytes) -> bool:
    try:
        return any(each.signature for each in Metadata[Any].from_bytes(data).signatures.values())
    except RepositoryError:
        return False
