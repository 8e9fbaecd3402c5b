"""What each machine's clock was last believed to be."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import Instant

revision = "0018_clock_watch"
down_revision = "0017_orders"


def upgrade() -> None:
    op.create_table(
        "clock_watch",
        sa.Column("host", sa.String(length=80), nullable=False),
        sa.Column("boot", sa.String(length=40), nullable=False),
        sa.Column("wall_at", Instant(), nullable=False),
        sa.Column("steady_s", sa.Float(), nullable=False),
        sa.Column("ahead_s", sa.Float(), nullable=False),
        sa.Column("confirmed_s", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_clock_watch")),
    )


def downgrade() -> None:
    op.drop_table("clock_watch")
