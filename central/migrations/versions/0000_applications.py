"""The first form: people, their cards, applications, images, kept answers."""

from alembic import op

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE kept_answer (
        "key" VARCHAR NOT NULL,
        fingerprint VARCHAR NOT NULL,
        status INTEGER NOT NULL,
        body VARCHAR NOT NULL,
        answered_at VARCHAR NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE image (
        sha256 VARCHAR NOT NULL,
        media_type VARCHAR NOT NULL,
        size INTEGER NOT NULL,
        stored_at VARCHAR NOT NULL,
        PRIMARY KEY (sha256)
    )
    """,
    """
    CREATE TABLE application (
        voucher_no VARCHAR NOT NULL,
        "key" VARCHAR NOT NULL,
        service VARCHAR NOT NULL,
        applicant_kind VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        kiosk_id VARCHAR NOT NULL,
        day VARCHAR NOT NULL,
        seq INTEGER NOT NULL,
        number VARCHAR NOT NULL,
        agent_number VARCHAR,
        applicant JSON NOT NULL,
        agent JSON,
        phone VARCHAR,
        address VARCHAR,
        bank VARCHAR NOT NULL,
        signature VARCHAR NOT NULL,
        marks JSON NOT NULL,
        taken_at VARCHAR NOT NULL,
        submitted_at VARCHAR NOT NULL,
        due_at VARCHAR NOT NULL,
        window VARCHAR NOT NULL,
        PRIMARY KEY (voucher_no),
        UNIQUE (kiosk_id, day, seq),
        UNIQUE ("key")
    )
    """,
    """
    CREATE INDEX agents_day ON application (agent_number, day)
    """,
    """
    CREATE UNIQUE INDEX one_open ON application (service, number) WHERE state = 'SUBMITTED'
    """,
    """
    CREATE TABLE person (
        id_number VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        insured BOOLEAN NOT NULL,
        phone VARCHAR,
        address VARCHAR,
        PRIMARY KEY (id_number)
    )
    """,
    """
    CREATE TABLE unit (
        code VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        PRIMARY KEY (code)
    )
    """,
    """
    CREATE TABLE application_image (
        voucher_no VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        kind VARCHAR NOT NULL,
        sha256 VARCHAR NOT NULL,
        PRIMARY KEY (voucher_no, position),
        FOREIGN KEY(voucher_no) REFERENCES application (voucher_no),
        FOREIGN KEY(sha256) REFERENCES image (sha256)
    )
    """,
    """
    CREATE TABLE card (
        number VARCHAR NOT NULL,
        identifier VARCHAR NOT NULL,
        id_number VARCHAR NOT NULL,
        state VARCHAR(14) NOT NULL,
        bank VARCHAR,
        PRIMARY KEY (number),
        UNIQUE (identifier),
        FOREIGN KEY(id_number) REFERENCES person (id_number)
    )
    """,
    """
    CREATE INDEX ix_card_id_number ON card (id_number)
    """,
    """
    CREATE TABLE clerk (
        unit VARCHAR NOT NULL,
        id_number VARCHAR NOT NULL,
        PRIMARY KEY (unit, id_number),
        FOREIGN KEY(unit) REFERENCES unit (code)
    )
    """,
    """
    CREATE TABLE batch_member (
        id_number VARCHAR NOT NULL,
        unit VARCHAR NOT NULL,
        state VARCHAR(14) NOT NULL,
        since VARCHAR NOT NULL,
        PRIMARY KEY (id_number),
        FOREIGN KEY(id_number) REFERENCES person (id_number),
        FOREIGN KEY(unit) REFERENCES unit (code)
    )
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _TABLES:
        op.execute(statement)
