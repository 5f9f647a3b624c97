"""The job queue's own tables, on the same PostgreSQL."""

from alembic import op

from scheduler import jobs

revision = "0011_jobs"
down_revision = "0010_web"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(jobs.schema_sql())
