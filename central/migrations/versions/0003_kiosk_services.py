"""The fourth form: what every service at the kiosk needs, on either store."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what they would hold of earlier rows nobody wrote down."""
    op.add_column("card", sa.Column("came_by", sa.String(32)))
    op.add_column("case_review", sa.Column("parts", sa.JSON()))
    op.add_column("pin_reset", sa.Column("voucher_no", sa.String()))
