"""The job queue's own tables, on the same PostgreSQL."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0011_jobs"
down_revision = "0010_web"


def upgrade() -> None:
    # Past SQLAlchemy: its cursor always binds parameters, and the functions hold percent signs.
    plain = op.get_bind().connection.driver_connection
    if plain is None:
        raise RuntimeError("migrations run on an open connection")
    plain.execute(SchemaManager.get_schema())
