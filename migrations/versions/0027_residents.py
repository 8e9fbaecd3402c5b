"""Residents: who follows a matter, stations with a sign, wrong codes by number and address."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, PathText

revision = "0027_residents"
down_revision = "0026_figures"

_STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_follow_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("client_id", name=op.f("uq_follow_client_id")),
    )
    op.create_index("ix_follow_incident", "follow", ["incident_id"])
    op.create_table(
        "wrong_try",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wrong_try")),
    )
    op.create_index("ix_wrong_try_last", "wrong_try", ["last_at"])
    op.create_table(
        "station",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("grid_path", PathText, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("code", name=op.f("uq_station_code")),
    )
    standing = {"postgresql_where": _STANDING, "sqlite_where": _STANDING}
    op.create_index("ix_station_path", "station", ["grid_path"], **standing)


def downgrade() -> None:
    op.drop_table("station")
    op.drop_table("wrong_try")
    op.drop_table("follow")
