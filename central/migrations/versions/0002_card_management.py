"""The third form: the card management system.

Every table is made as it is now and takes the rows of its forerunner; a person of a unit's batch
becomes a row of a batch. PostgreSQL holds no store of an earlier form, so the statements are
SQLite's.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from alembic import op
from sqlalchemy import Connection, text

from regulation.vouchers import voucher_number

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SEEDED = "SEED"

_COPIED = {
    "kept_answer": {"owner": "NULL"},
    "image": {"content": "NULL"},
    "person": {},
    "unit": {},
    "clerk": {},
    "card": {},
    "application": {
        "channel": "'kiosk'",
        "state_at": "submitted_at",
        "version": "1",
        "wishes": "'{}'",
    },
    "application_image": {},
    "key_use": {"key": "''"},
}
"""Tables that go on, in the order of their references: what new columns hold for their rows."""

_OLD = (*_COPIED, "batch_member")


def upgrade() -> None:
    """Set the old tables aside, make the new ones, take the rows over."""
    connection = op.get_bind()
    for table in _OLD:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO old_{table}"))
    for index in ("agents_day", "one_open", "ix_card_id_number", "ix_key_use_card"):
        connection.execute(text(f"DROP INDEX {index}"))
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    for table, fresh in _COPIED.items():
        columns = [*_columns(connection, f"old_{table}"), *fresh]
        values = [fresh.get(name, f'"{name}"') for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        statement = f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM old_{table}"  # noqa: S608 - names of this file
        connection.execute(text(statement))
    _batches(connection)
    for table in reversed(_OLD):
        connection.execute(text(f"DROP TABLE old_{table}"))


def _columns(connection: Connection, table: str) -> Iterable[str]:
    return [row.name for row in connection.execute(text(f"PRAGMA table_info({table})"))]


def _batches(connection: Connection) -> None:
    """One batch for the people of each unit whose cards stood alike since the same day."""
    groups = connection.execute(
        text("SELECT DISTINCT unit, state, since FROM old_batch_member ORDER BY since, unit, state")
    ).all()
    for seq, (unit, state, since) in enumerate(groups, 1):
        own = {
            "unit": unit,
            "state": state,
            "since": since,
            "seq": seq,
            "at": f"{since}T09:00:00+08:00",
        }
        own["batch_no"] = voucher_number(_SEEDED, date.fromisoformat(since), seq)
        connection.execute(text(_BATCH), own)
        connection.execute(text(_MEMBERS), own)


_BATCH = """
    INSERT INTO batch (
        batch_no, service, channel, state, state_at, version, unit, outlet, taken_by, day, seq,
        submitted_at, material, fee_fen
    ) VALUES (
        :batch_no, 'new_batch', 'window', :state, :at, 1, :unit, 'SEED', 'SEED', :since, :seq,
        :at, 'COPIES', 0
    )
"""
_MEMBERS = """
    INSERT INTO batch_member (batch_no, line, id_number, name, state, since, data)
    SELECT :batch_no, row_number() OVER (ORDER BY old.id_number), old.id_number, person.name,
        'LISTED', :at, '{}'
    FROM old_batch_member AS old JOIN person ON person.id_number = old.id_number
    WHERE old.unit = :unit AND old.state = :state AND old.since = :since
"""
