"""How many calls of each robot are left, shared by every process."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import Instant

revision = "0010_paces"
down_revision = "0009_audits"


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("robot", sa.String(length=32), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("quiet_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("robot", name=op.f("pk_pace")),
    )


def downgrade() -> None:
    op.drop_table("pace")
