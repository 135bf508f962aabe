"""The sixth form: sites on a map, what kiosks are asked for, kiosks found by fault or silence."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_DEGREES: sa.REAL[float] = sa.REAL()


def _text(name: str, *, may_lack: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=may_lack)


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "fleet_site",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("longitude", _DEGREES, nullable=False),
        sa.Column("latitude", _DEGREES, nullable=False),
    )
    op.create_table(
        "fleet_ask",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("kiosk"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        *(_text(name) for name in ("reason", "asked_by", "asked_at", "expires_at")),
        *(_text(name, may_lack=True) for name in ("approved_by", "answered_at", "sha256")),
        sa.Column("size", sa.Integer(), nullable=False),
    )
    op.create_index("fleet_ask_kiosk", "fleet_ask", ["kiosk", "state"])
    op.create_table(
        "fleet_answer",
        sa.Column("ask", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.add_column("fleet_report", sa.Column("faulty", sa.Boolean()))
    op.add_column("fleet_report", sa.Column("overdue_at", sa.String()))
    op.create_index("ix_fleet_report_overdue_at", "fleet_report", ["overdue_at"])
