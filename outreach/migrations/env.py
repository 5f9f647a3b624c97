"""How a migration runs: on the connection it is handed, each step in its own transaction, never waiting long for a lock."""

import sqlalchemy as sa
from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=True)
connection.execute(sa.text("set lock_timeout = '5s'"))
connection.commit()
with context.begin_transaction():
    context.run_migrations()
