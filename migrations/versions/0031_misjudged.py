"""Answers and due instants that do not come out, in what the auditor keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0031_misjudged"
down_revision = "0030_sessions"

_KEPT = ("audited_promise", "audit_verdict")


def upgrade() -> None:
    for table in _KEPT:
        op.add_column(
            table, sa.Column("misjudged", sa.Integer(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    for table in _KEPT:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("misjudged")
