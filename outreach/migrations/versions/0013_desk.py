"""What each person has before them about a case: presence, drafts, what they have seen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013_desk"
down_revision = "0012_guards"


def upgrade() -> None:
    op.create_table(
        "desk",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("present_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("writing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drafts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_desk_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_desk_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_desk")),
    )
