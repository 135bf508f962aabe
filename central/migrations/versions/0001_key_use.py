"""The second form: every use of a card key."""

from alembic import op

revision = "0001"
down_revision = "0000"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE key_use (
        id INTEGER NOT NULL,
        at VARCHAR NOT NULL,
        kiosk_id VARCHAR NOT NULL,
        function VARCHAR NOT NULL,
        outcome VARCHAR NOT NULL,
        card VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_key_use_card ON key_use (card)
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _TABLES:
        op.execute(statement)
