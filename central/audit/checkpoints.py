"""Signed checkpoints of the audit: who cuts off the end of the chain is found out.

A checkpoint says that row `seq` had a hash at a time; it is signed with Ed25519 and kept twice: in
the table, and as a line of a file outside the store, the witness, which is to be copied to where
the store's keeper cannot write. The key is `audit_key.pem` in the centre's folder.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.chain import START, link
from central.audit.records import AuditEntry
from central.centre import Centre
from central.database import Base, Database, StoreError
from central.files import made_once

KEY_FILE = "audit_key.pem"
WITNESS_FILE = "checkpoints.jsonl"
EVERY = timedelta(minutes=5)
EVERY_ROWS = 256
_END_BYTES = 4096


class Checkpoint(Base):
    """That audit row `seq` had `hash` at a time; `signature` is Ed25519 over these, hexadecimal."""

    __tablename__ = "audit_checkpoint"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    hash: Mapped[str]
    signature: Mapped[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows and checkpoints were looked at, and what is wrong; "" for a whole audit."""

    rows: int
    checkpoints: int
    wrong: str


def signing_key(folder: Path) -> ed25519.Ed25519PrivateKey:
    """The key of checkpoints in a folder, made the first time."""
    path = folder / KEY_FILE
    key = serialization.load_pem_private_key(made_once(path, _new_key), None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise StoreError(f"{path} holds no Ed25519 key: put the right one back")
    return key


def checkpoint(database: Database, folder: Path, now: datetime) -> Checkpoint | None:
    """Sign the end of the chain, when 5 minutes or 256 rows have passed since the last time."""
    with database.write() as session:
        made = _due(session, folder, now)
    _witness(database, folder / WITNESS_FILE)
    return made


def run_due(centre: Centre) -> object:
    """The same for an open centre, as due work."""
    return checkpoint(centre.database, centre.folder, centre.clock())


def verify(database: Database, witness: Iterable[str], public: ed25519.Ed25519PublicKey) -> Verdict:
    """Walk the whole chain, and hold every checkpoint of table and witness against it."""
    with database.read() as session:
        told = [*_said(witness), *session.scalars(select(Checkpoint))]
        for one in told:
            if not _signed(one, public):
                return Verdict(0, len(told), f"the checkpoint of row {one.seq} is not signed by us")
        hashes = {one.seq: one.hash for one in told}
        for one in told:
            if hashes[one.seq] != one.hash:
                return Verdict(0, len(told), f"two checkpoints of row {one.seq} contradict")
        rows = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)
        with closing(session.scalars(rows)) as streamed:
            seq, wrong = _walk(streamed, hashes)
    last = max(hashes, default=0)
    if not wrong and seq < last:
        wrong = f"the chain ends at row {seq}, and row {last} was signed: its end was cut off"
    return Verdict(seq, len(told), wrong)


def _walk(rows: Iterable[AuditEntry], hashes: dict[int, str]) -> tuple[int, str]:
    """The last row that fits, and what is wrong with the next."""
    seq, prev = 0, START
    for row in rows:
        if (row.seq, row.prev, row.hash) != (seq + 1, prev, link(row)):
            return seq, f"row {seq + 1} does not fit the one before"
        if hashes.get(row.seq, row.hash) != row.hash:
            return seq, f"row {row.seq} is not the one that was signed"
        seq, prev = row.seq, row.hash
    return seq, ""


def _due(session: Session, folder: Path, now: datetime) -> Checkpoint | None:
    head = session.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))
    last = session.scalar(select(Checkpoint).order_by(Checkpoint.seq.desc()).limit(1))
    if head is None or (last is not None and head.seq <= last.seq):
        return None
    if last is not None:
        recent = now - datetime.fromisoformat(last.at) < EVERY
        if recent and head.seq - last.seq < EVERY_ROWS:
            return None
    made = Checkpoint(seq=head.seq, at=now.isoformat(), hash=head.hash)
    made.signature = signing_key(folder).sign(_record(made)).hex()
    session.add(made)
    return made


def _witness(database: Database, path: Path) -> None:
    """Append to the file what the table has and it has not: after a crash, more than one."""
    end = _end(path)
    last = max((one.seq for one in _said(end.splitlines())), default=0)
    with database.read() as session:
        fresh = list(
            session.scalars(
                select(Checkpoint).where(Checkpoint.seq > last).order_by(Checkpoint.seq)
            )
        )
    if not fresh:
        return
    with path.open("a", encoding="utf-8") as file:
        if end and not end.endswith("\n"):
            file.write("\n")  # a line that a crash tore is given up
        file.writelines(f"{_line(one)}\n" for one in fresh)
        file.flush()
        os.fsync(file.fileno())


def _end(path: Path) -> str:
    """The last lines of a file."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_BYTES))
        return file.read().decode("utf-8", "replace")


def _line(one: Checkpoint) -> str:
    return json.dumps({"seq": one.seq, "at": one.at, "hash": one.hash, "signature": one.signature})


def _said(lines: Iterable[str]) -> Iterator[Checkpoint]:
    """The checkpoints of a witness; a line that was torn by a crash is none."""
    for line in lines:
        try:
            told = json.loads(line)
            yield Checkpoint(
                seq=int(told["seq"]), at=told["at"], hash=told["hash"], signature=told["signature"]
            )
        except (ValueError, KeyError, TypeError):
            continue


def _signed(one: Checkpoint, public: ed25519.Ed25519PublicKey) -> bool:
    try:
        public.verify(bytes.fromhex(one.signature), _record(one))
    except (InvalidSignature, ValueError):
        return False
    return True


def _record(one: Checkpoint) -> bytes:
    return f"audit checkpoint\n{one.seq}\n{one.at}\n{one.hash}".encode()


def public_pem(key: ed25519.Ed25519PrivateKey) -> str:
    """The public key, for who checks elsewhere."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode()


def _new_key() -> bytes:
    return ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
