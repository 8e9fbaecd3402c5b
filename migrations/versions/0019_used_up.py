"""Clocks that run and climb no further are found by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0019_used_up"
down_revision = "0018_clock_watch"

_USED_UP = sa.text("state = 'running' AND next_fire_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_clock_used_up",
        "clock",
        ["due_at", "incident_id"],
        postgresql_where=_USED_UP,
        sqlite_where=_USED_UP,
    )


def downgrade() -> None:
    op.drop_index("ix_clock_used_up", table_name="clock")
