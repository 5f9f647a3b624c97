"""A recipient's mail system that asks for patience; files still with their provider; what providers are silent about, and what left lately, found by index."""

import sqlalchemy as sa
from alembic import op

revision = "0018_lulls"
down_revision = "0017_gated"


def upgrade() -> None:
    op.create_table(
        "lull",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("strikes", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("channel", "scope", name=op.f("pk_lull")),
    )
    for name, kind, default in (("url", sa.String(), "''"), ("tries", sa.Integer(), "0"), ("problem", sa.String(), "''")):
        op.add_column("attachment", sa.Column(name, kind, server_default=sa.text(default), nullable=False))
    op.create_index("ix_attachment_pending", "attachment", ["id"], postgresql_where=sa.text("url <> ''"))
    with op.get_context().autocommit_block():  # writers go on meanwhile
        op.create_index(
            "ix_message_silent",
            "message",
            ["channel", "sent_at"],
            postgresql_where=sa.text("direction = 'out' and status in ('accepted', 'sent')"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_attempt_started", "attempt", ["started_at"], postgresql_using="brin", postgresql_concurrently=True, if_not_exists=True
        )
