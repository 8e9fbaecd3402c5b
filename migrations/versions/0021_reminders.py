"""How far reminders have come, and the index by which clocks that are due soon are found."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import Instant

revision = "0021_reminders"
down_revision = "0020_clocks"

_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    op.create_table(
        "reminder_mark",
        sa.Column("reminder", sa.String(length=40), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reminder", name=op.f("pk_reminder_mark")),
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index(
            "ix_clock_due",
            ["kind", "due_at", "incident_id"],
            postgresql_where=_RUNNING,
            sqlite_where=_RUNNING,
        )


def downgrade() -> None:
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("ix_clock_due")
    op.drop_table("reminder_mark")
