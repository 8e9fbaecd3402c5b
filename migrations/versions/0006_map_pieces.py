"""Maps that stay fast: an index for boxes, and pieces cut and thinned beforehand."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json

revision = "0006_map_pieces"
down_revision = "0005_doors"

_EDGES = ("min_lon", "max_lon", "min_lat", "max_lat")


def upgrade() -> None:
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.create_index("ix_grid_box", ["edition_id", "level", *_EDGES], unique=False)
    op.create_table(
        "map_set",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("edition_id", BigKey, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=False),
        sa.Column("levels", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_map_set_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_set")),
        sa.UniqueConstraint("key", name=op.f("uq_map_set_key")),
    )
    op.create_table(
        "map_piece",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("set_id", BigKey, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("zoom", sa.Integer(), nullable=False),
        sa.Column("min_lon", sa.Float(), nullable=False),
        sa.Column("min_lat", sa.Float(), nullable=False),
        sa.Column("max_lon", sa.Float(), nullable=False),
        sa.Column("max_lat", sa.Float(), nullable=False),
        sa.Column("grids", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["map_set.id"], name=op.f("fk_map_piece_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_piece")),
    )
    with op.batch_alter_table("map_piece", schema=None) as batch_op:
        batch_op.create_index(
            "ix_map_piece_box", ["set_id", "level", "zoom", *_EDGES, "grids", "size"], unique=False
        )


def downgrade() -> None:
    op.drop_table("map_piece")
    op.drop_table("map_set")
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.drop_index("ix_grid_box")
