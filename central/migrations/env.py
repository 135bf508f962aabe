"""Alembic's environment: it works on the connection it is given (`central/forms.py`)."""

from alembic import context

from central import tables
from central.database import Base
from central.forms import connection_of

tables.load()
context.configure(
    connection=connection_of(context.config), target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
