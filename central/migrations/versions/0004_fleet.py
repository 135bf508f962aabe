"""The fifth form: what kiosks shall be like, what they answered, and rollouts; on either store."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(name: str, *, may_lack: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=may_lack)


def _number(name: str, *, may_lack: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=may_lack)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "fleet_kiosk",
        sa.Column("id", sa.String(), primary_key=True),
        *(_text(name) for name in ("group", "site")),
        *(_number(name) for name in ("revision", "change")),
    )
    op.create_index("fleet_kiosk_change", "fleet_kiosk", ["change"])
    op.create_table(
        "fleet_content",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(_text(name) for name in ("body", "note", "made_by", "made_at")),
        *(_text(name, may_lack=True) for name in ("approved_by", "approved_at", "seal")),
    )
    _documents()
    _reports_and_metadata()
    op.create_table(
        "fleet_rollout",
        sa.Column("id", sa.Integer(), primary_key=True),
        _number("content"),
        sa.Column("groups", sa.JSON(), nullable=False),
        *(_number(name) for name in ("success", "error", "soak_minutes")),
        _text("window"),
        sa.Column("state", sa.String(32), nullable=False),
        _number("group"),
        _text("soaking_since", may_lack=True),
        *(_text(name) for name in ("why", "made_by", "made_at")),
        *(_text(name, may_lack=True) for name in ("approved_by", "approved_at", "rolled_back_at")),
    )


def _documents() -> None:
    op.create_table(
        "fleet_document",
        sa.Column("kiosk", sa.String(), primary_key=True),
        sa.Column("revision", sa.Integer(), primary_key=True, autoincrement=False),
        _number("content"),
        *(_number(name, may_lack=True) for name in ("rollout", "step")),
        _text("at"),
        sa.Column("outcome", sa.String(32), nullable=False),
        *(_text(name, may_lack=True) for name in ("outcome_at", "failed_step", "reason")),
    )
    op.create_index("fleet_document_rollout", "fleet_document", ["rollout", "step", "outcome"])


def _reports_and_metadata() -> None:
    op.create_table(
        "fleet_report",
        sa.Column("kiosk", sa.String(), primary_key=True),
        _text("state"),
        _number("revision"),
        _text("version"),
        sa.Column("told", sa.JSON(), nullable=False),
        _text("seen_at"),
        _number("next_s"),
    )
    op.create_index("ix_fleet_report_seen_at", "fleet_report", ["seen_at"])
    op.create_table(
        "fleet_repository",
        sa.Column("kiosk", sa.String(), primary_key=True),
        *(_number(name) for name in ("revision", "root_version", "version", "timestamp_version")),
        *(_text(name) for name in ("targets", "snapshot", "timestamp")),
        *(_text(name) for name in ("fresh_until", "timestamp_fresh_until")),
    )
