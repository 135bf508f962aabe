"""The eighth form: kiosks' readiness certificates, as they handed them in; on either store."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "fleet_certificate",
        sa.Column("kiosk", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("file", "taken_at")),
    )
    op.create_index("fleet_certificate_taken", "fleet_certificate", ["kiosk", "taken_at"])
