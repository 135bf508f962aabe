"""The fourth form: what every service at the kiosk needs, on either store."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, whose earlier rows hold nothing, and the tables of phone uploads."""
    op.add_column("card", sa.Column("came_by", sa.String(32)))
    op.add_column("case_review", sa.Column("parts", sa.JSON()))
    op.add_column("pin_reset", sa.Column("voucher_no", sa.String()))
    op.create_table(
        "phone_upload",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("claim", sa.String()),
        sa.Column("kiosk_id", sa.String(), nullable=False, index=True),
        sa.Column("expires_at", sa.String(), nullable=False, index=True),
    )
    op.create_table(
        "phone_file",
        sa.Column("upload", sa.String(), sa.ForeignKey("phone_upload.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(), sa.ForeignKey("content.id"), nullable=False, unique=True),
    )
