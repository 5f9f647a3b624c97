"""The newest sends of a campaign and its paused queue by index; the last word out was read by nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0016_newest"
down_revision = "0015_seals"


def upgrade() -> None:
    op.drop_column("thread", "last_out_at")
    op.create_index(
        "ix_message_newest",
        "message",
        ["campaign_id", sa.text("sent_at desc")],
        postgresql_where=sa.text("campaign_id is not null and sent_at is not null"),
    )
    op.create_index(
        "ix_message_paused", "message", ["campaign_id"], postgresql_where=sa.text("status = 'queued' and paused")
    )
