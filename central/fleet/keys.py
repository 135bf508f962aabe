"""The keys that sign what kiosks believe, and the root that says which keys those are.

Three root keys are made for three sticks and kept away from the centre; two of them must sign a
root. The centre's folder holds the targets key, the online key (snapshot and timestamp), every
root, and the key of the seals. A key's file is found by the name the root gives it, so a rotation
is done at the moment the new root is there. Ed25519; TUF 1.0.34 (facts/central.md 4).
"""

# pyright: reportPrivateImportUsage=false
# (tuf and securesystemslib document their names where they are imported from)

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from central.centre import Centre
from central.database import StoreError
from central.files import made_once, sync_folder, write_whole
from central.operation.counters import ROOT_EXPIRES

FOLDER = "fleet"
ROOT_KEYS = ("root-1", "root-2", "root-3")
THRESHOLD = 2
TARGETS_KEY, ONLINE_KEY = "targets", "online"
SEAL = "seal"
ROOT_LIFE = timedelta(days=365)

_ROLES = {TARGETS_KEY: (Targets.type,), ONLINE_KEY: (Snapshot.type, Timestamp.type)}
_NO_KEYS = "make the keys first: python -m central fleet keys --data DIR --offline STICK"


@dataclass(frozen=True, slots=True)
class Keys:
    """What the centre signs with now: the root that names the keys, the keys, and the seal's."""

    root: Root
    targets: CryptoSigner
    online: CryptoSigner
    seal: bytes


def folder_of(data: Path) -> Path:
    """Where they are in a centre's folder."""
    return data / FOLDER


def newest_root(data: Path) -> int:
    """The version of the newest root; 0 where no keys were ever made."""
    versions = (path.name.partition(".")[0] for path in folder_of(data).glob("*.root.json"))
    return max((int(each) for each in versions if each.isdigit()), default=0)


def root_bytes(data: Path, version: int) -> bytes | None:
    """A root as it is served; None if there is none of that version."""
    path = folder_of(data) / f"{version}.root.json"
    return path.read_bytes() if path.exists() else None


def load(data: Path) -> Keys:
    """The keys. Raises `StoreError` with the cure where they are missing.

    Read once for each root: to exchange a key is to make a root.
    """
    return _load(data, newest_root(data))


@lru_cache(maxsize=8)
def _load(data: Path, version: int) -> Keys:
    root = _root(data, version)
    held = {
        name: _read(folder_of(data) / f"{root.roles[roles[0]].keyids[0]}.key")
        for name, roles in _ROLES.items()
    }
    seal = made_once(folder_of(data) / SEAL, lambda: secrets.token_bytes(32))
    return Keys(root, held[TARGETS_KEY], held[ONLINE_KEY], seal)


def make(data: Path, sticks: list[Path], now: datetime) -> Path:
    """Make all keys and `1.root.json`, the root keys spread over the sticks; the root's path.

    Raises `StoreError` where keys were made before: who wants others rotates them.
    """
    if newest_root(data):
        raise StoreError(f"there are keys in {folder_of(data)}: use `fleet rotate`")
    root = _empty_root(1, now)
    signers = [
        _make(sticks[number % len(sticks)] / f"{name}.1.key")
        for number, name in enumerate(ROOT_KEYS)
    ]
    for signer in signers:
        root.add_key(signer.public_key, Root.type)
    for name in _ROLES:
        _name(root, name, _make_held(data))
    return _publish(root, signers, data, sticks)


def rotate(data: Path, sticks: list[Path], new: frozenset[str], now: datetime) -> Path:
    """Make the next root, good for a year, with new keys in the place of those named in `new`.

    The sticks must hold two root keys of the root before, and those that are exchanged.
    Raises `StoreError`.
    """
    before = _newest(data)
    root = _empty_root(before.version + 1, now)
    known = _on_sticks(sticks, before)
    if len(known) < THRESHOLD:
        raise StoreError(f"the sticks hold {len(known)} root keys of this fleet: two must sign")
    if missing := new & set(ROOT_KEYS) - {path.name.partition(".")[0] for path in known}:
        raise StoreError(f"bring the stick of {', '.join(sorted(missing))} to exchange it")
    signers, gone = list(known.values()), set[str]()
    for path, signer in known.items():
        if (name := path.name.partition(".")[0]) in new:
            gone.add(signer.public_key.keyid)
            signers.append(_make(path.with_name(f"{name}.{root.version}.key")))
            root.add_key(signers[-1].public_key, Root.type)
    for keyid in before.roles[Root.type].keyids:
        if keyid not in gone:
            root.add_key(before.keys[keyid], Root.type)
    for name, roles in _ROLES.items():
        held = _read(folder_of(data) / f"{before.roles[roles[0]].keyids[0]}.key")
        _name(root, name, _make_held(data) if name in new else held)
    return _publish(root, signers, data, sticks, before)


def run_due(centre: Centre) -> None:
    """Tell the metrics when the root expires, where there is one."""
    if newest_root(centre.folder):
        ROOT_EXPIRES.set(_newest(centre.folder).expires.timestamp())


def expiry(now: datetime, life: timedelta) -> datetime:
    """When something made now ends: TUF's times are whole seconds of UTC."""
    return (now.astimezone(UTC) + life).replace(microsecond=0)


def _empty_root(version: int, now: datetime) -> Root:
    root = Root(version=version, expires=expiry(now, ROOT_LIFE), consistent_snapshot=False)
    root.roles[Root.type].threshold = THRESHOLD
    return root


def _newest(data: Path) -> Root:
    return _root(data, newest_root(data))


def _root(data: Path, version: int) -> Root:
    raw = root_bytes(data, version)
    if raw is None:
        raise StoreError(_NO_KEYS)
    return Metadata[Root].from_bytes(raw).signed


def _name(root: Root, name: str, signer: CryptoSigner) -> None:
    for role in _ROLES[name]:
        root.add_key(signer.public_key, role)


def _publish(
    root: Root,
    signers: Iterable[CryptoSigner],
    data: Path,
    sticks: list[Path],
    before: Root | None = None,
) -> Path:
    """Sign, prove that kiosks will follow, and write it to the centre and to every stick."""
    signed = Metadata(root)
    for signer in signers:
        signed.sign(signer, append=True)
    raw = signed.to_bytes(JSONSerializer(compact=True))
    try:
        for delegator in (before, root):
            if delegator is not None:
                delegator.verify_delegate(Root.type, signed.signed_bytes, signed.signatures)
    except RepositoryError as error:
        raise StoreError(f"no kiosk would follow this root: {error}") from None
    name = f"{root.version}.root.json"
    for place in (*sticks, folder_of(data)):
        write_whole(place / name, raw)
    return folder_of(data) / name


def _on_sticks(sticks: list[Path], root: Root) -> dict[Path, CryptoSigner]:
    """The root keys of a root, by their files."""
    found = {path: _read(path) for stick in sticks for path in sorted(stick.glob("root-*.key"))}
    wanted = root.roles[Root.type].keyids
    return {path: signer for path, signer in found.items() if signer.public_key.keyid in wanted}


def _make(path: Path) -> CryptoSigner:
    """A new key in a file of its own, for its owner's eyes alone."""
    signer = CryptoSigner.generate_ed25519()
    _keep(path, signer)
    return signer


def _make_held(data: Path) -> CryptoSigner:
    signer = CryptoSigner.generate_ed25519()
    _keep(folder_of(data) / f"{signer.public_key.keyid}.key", signer)
    return signer


def _keep(path: Path, signer: CryptoSigner) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(signer.private_bytes)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _read(path: Path) -> CryptoSigner:
    try:
        return CryptoSigner(load_pem_private_key(path.read_bytes(), None))  # pyright: ignore[reportArgumentType] - checked there
    except FileNotFoundError:
        raise StoreError(f"{path} is not there: put it back from the backup") from None
    except ValueError:
        raise StoreError(f"{path} holds no private key in PEM") from None
