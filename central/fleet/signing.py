"""A kiosk's TUF repository: made and renewed when the kiosk asks for its timestamp.

Nothing is signed for kiosks that do not ask, so a fleet of any size costs only what it fetches.
What was served stays as it is until the next timestamp is asked for: the four files always fit
each other. Targets and snapshot are good for 7 days and the timestamp for one; each is renewed
when half of that is over.

Versions rise by the clock: those of a centre that was restored from before are above all that its
kiosks have seen.
"""

# pyright: reportPrivateImportUsage=false
# (tuf and securesystemslib document their names where they are imported from)

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from central.fleet import documents, records
from central.fleet.contents import opened
from central.fleet.keys import Keys, expiry
from central.fleet.records import Repository

LIFE = timedelta(days=7)
TIMESTAMP_LIFE = timedelta(days=1)

_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
"""Versions are seconds since then at least: so they fit the store's whole numbers until 2094."""

_COMPACT = JSONSerializer(compact=True)


def target(kiosk: str) -> str:
    """The path of a kiosk's document among the targets."""
    return f"kiosk/{kiosk}.json"


def is_fresh(found: Repository, revision: int, root: int, now: datetime) -> bool:
    """Whether what is there may be served: that revision, this root, fresh."""
    at = now.astimezone(UTC).isoformat()
    return (
        found.root_version == root
        and found.revision == revision
        and at < found.fresh_until
        and at < found.timestamp_fresh_until
    )


def renewed(session: Session, keys: Keys, kiosk: str, now: datetime) -> Repository:
    """The kiosk's repository as it must be now; within the writer's turn.

    Raises `StoreError` where the content's seal is not the centre's: it is not signed then.
    """
    found, revision = records.repository(session, kiosk)
    if found is not None and is_fresh(found, revision, keys.root.version, now):
        return found
    at = now.astimezone(UTC).isoformat()
    if found is None:
        found = Repository(kiosk=kiosk, version=0, timestamp_version=0)
    kept = found.version and found.revision == revision and at < found.fresh_until
    if not (kept and found.root_version == keys.root.version):
        _sign_targets(session, keys, found, revision, now)
    found.timestamp_version = _next(found.timestamp_version, now)
    stamp = Timestamp(
        version=found.timestamp_version,
        expires=expiry(now, TIMESTAMP_LIFE),
        snapshot_meta=MetaFile(version=found.version),
    )
    found.timestamp = _signed(Metadata(stamp), keys.online)
    found.timestamp_fresh_until = (now.astimezone(UTC) + TIMESTAMP_LIFE / 2).isoformat()
    session.add(found)
    return found


def named(session: Session, keys: Keys, kiosk: str) -> bytes | None:
    """The document a kiosk's signed targets name; None where they name none."""
    found = records.named(session, kiosk)
    if found is None:
        return None
    return documents.whole(opened(session, keys.seal, found[1]), kiosk, found[0])


def _document(session: Session, keys: Keys, kiosk: str, revision: int) -> bytes | None:
    """The bytes of a kiosk's document under a revision; None if it was never given one."""
    given = records.document(session, kiosk, revision)
    if given is None:
        return None
    return documents.whole(opened(session, keys.seal, given.content), kiosk, revision)


def _sign_targets(
    session: Session, keys: Keys, found: Repository, revision: int, now: datetime
) -> None:
    found.version = _next(found.version, now)
    found.revision, found.root_version = revision, keys.root.version
    targets = Targets(version=found.version, expires=expiry(now, LIFE))
    data = _document(session, keys, found.kiosk, revision)
    if data is not None:
        path = target(found.kiosk)
        file = TargetFile.from_data(path, data, ["sha256"])
        file.unrecognized_fields["custom"] = {"revision": revision}
        targets.targets[path] = file
    found.targets = _signed(Metadata(targets), keys.targets)
    snapshot = Snapshot(
        version=found.version,
        expires=expiry(now, LIFE),
        meta={"targets.json": MetaFile(version=found.version)},
    )
    found.snapshot = _signed(Metadata(snapshot), keys.online)
    found.fresh_until = (now.astimezone(UTC) + LIFE / 2).isoformat()


def _next(version: int, now: datetime) -> int:
    return max(version + 1, int((now - _SINCE).total_seconds()))


def _signed(metadata: Metadata[Any], signer: Any) -> str:
    metadata.sign(signer)
    return metadata.to_bytes(_COMPACT).decode()
