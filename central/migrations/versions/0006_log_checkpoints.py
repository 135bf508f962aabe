"""The seventh form: checkpoints of kiosks' logs, countersigned; on either store."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "fleet_log_checkpoint",
        sa.Column("kiosk", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("head", "at", "taken_at")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("signed", "countersigned")),
    )
    op.create_index("fleet_log_checkpoint_taken", "fleet_log_checkpoint", ["kiosk", "taken_at"])
