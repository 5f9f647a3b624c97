"""Campaigns take turns in a lane; a lane eases off while its provider is busy; deadlines are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0014_turns"
down_revision = "0013_desk"


def upgrade() -> None:
    op.add_column("lane", sa.Column("pace", sa.Float(), server_default=sa.text("1.0"), nullable=False))
    op.add_column("lane", sa.Column("paced_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_message_due", "message")
    waiting = "status = 'queued' and not paused and campaign_id is"
    op.create_index(
        "ix_message_due", "message", ["lane", "priority", "not_before", "id"], postgresql_where=sa.text(f"{waiting} null")
    )
    op.create_index(
        "ix_message_turn",
        "message",
        ["lane", "campaign_id", "not_before", "id"],
        postgresql_where=sa.text(f"{waiting} not null"),
    )
    op.create_index("ix_message_expiry", "message", ["expires_at"], postgresql_where=sa.text("status = 'queued'"))
