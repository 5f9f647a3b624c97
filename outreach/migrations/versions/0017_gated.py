"""An attempt says whether it passed the gate: without the mark its worker certainly sent nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0017_gated"
down_revision = "0016_newest"


def upgrade() -> None:
    # Attempts of workers that do not know the mark count as passed: theirs are unknown when they die.
    op.add_column("attempt", sa.Column("gated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=True))
