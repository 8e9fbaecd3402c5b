"""The filing condition of an incident."""

import sqlalchemy as sa
from alembic import op

revision = "0023_conditions"
down_revision = "0022_sealed_reporters"


def upgrade() -> None:
    op.add_column(
        "incident",
        sa.Column("condition", sa.String(length=20), server_default="", nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_column("condition")
