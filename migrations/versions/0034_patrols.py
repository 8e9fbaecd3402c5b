"""Patrols with their tracks, checkpoints and who passed them."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, PathText

revision = "0034_patrols"
down_revision = "0033_parties"


def upgrade() -> None:
    op.create_table(
        "patrol",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("all_normal", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_patrol_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol")),
        sa.UniqueConstraint("client_id", name=op.f("uq_patrol_client_id")),
    )
    op.create_index("ix_patrol_person", "patrol", ["person_id", "started_at"])
    op.create_table(
        "patrol_point",
        sa.Column("patrol_id", BigKey, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("accuracy_m", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patrol_id"], ["patrol.id"], name=op.f("fk_patrol_point_patrol_id_patrol")
        ),
        sa.PrimaryKeyConstraint("patrol_id", "at", name=op.f("pk_patrol_point")),
    )
    op.create_index("ix_patrol_point_at", "patrol_point", ["at"])
    op.create_table(
        "checkpoint",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("grid_path", PathText, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("code", name=op.f("uq_checkpoint_code")),
    )
    op.create_index(op.f("ix_checkpoint_grid_path"), "checkpoint", ["grid_path"])
    op.create_table(
        "checkpoint_pass",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("checkpoint_id", BigKey, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"],
            ["checkpoint.id"],
            name=op.f("fk_checkpoint_pass_checkpoint_id_checkpoint"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_pass")),
    )
    op.create_index("ix_checkpoint_pass", "checkpoint_pass", ["checkpoint_id", "at"])


def downgrade() -> None:
    op.drop_table("checkpoint_pass")
    op.drop_table("checkpoint")
    op.drop_table("patrol_point")
    op.drop_table("patrol")
