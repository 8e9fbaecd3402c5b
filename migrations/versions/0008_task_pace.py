"""When the phase of a task began and when it was last told of, to say how long it will take."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import Instant

revision = "0008_task_pace"
down_revision = "0007_calendars"


def upgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phase_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("told_at", Instant(), nullable=True))
        batch_op.create_index("ix_task_created_by", ["created_by", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_created_by")
        batch_op.drop_column("told_at")
        batch_op.drop_column("phase_at")
