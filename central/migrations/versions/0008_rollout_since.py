"""The ninth form: what a rollout's approver saw; those that run go on with what is there now."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    whole = sa.Column("since", sa.Integer(), nullable=False, server_default="0")
    op.add_column("fleet_rollout", whole)
    op.add_column(
        "fleet_rollout", sa.Column("closed", sa.JSON(), nullable=False, server_default="[]")
    )
    op.execute(
        "UPDATE fleet_rollout SET since = (SELECT coalesce(max(change), 0) + 1 FROM fleet_kiosk)"
    )
