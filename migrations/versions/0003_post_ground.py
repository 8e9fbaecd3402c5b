"""Posts are found by scope and zone: without the zone SQLite looked through every post there is."""

from alembic import op

revision = "0003_post_ground"
down_revision = "0002_editions"


def upgrade() -> None:
    _index_scope_with("zone")


def downgrade() -> None:
    _index_scope_with("role")


def _index_scope_with(second: str) -> None:
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_scope")
        batch_op.create_index("ix_post_scope", ["scope", second], unique=False)
