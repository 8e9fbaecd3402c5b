"""The door-plate book, what its plates are found by, and the plate an incident was reported by."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json, PathText

revision = "0005_doors"
down_revision = "0004_edits"


def upgrade() -> None:
    op.create_table(
        "address",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("mark", PathText, nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("road", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("estate", sa.String(length=80), nullable=False),
        sa.Column("building", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("aliases", Json, nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("given_lon", sa.Float(), nullable=True),
        sa.Column("given_lat", sa.Float(), nullable=True),
        sa.Column("datum", sa.String(length=10), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("mark", name=op.f("uq_address_mark")),
    )
    op.create_table(
        "address_key",
        sa.Column("key", PathText, nullable=False),
        sa.Column("address_id", BigKey, nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_address_key_address_id")
        ),
        sa.PrimaryKeyConstraint("key", "address_id", name=op.f("pk_address_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("address_key", schema=None) as batch_op:
        batch_op.create_index("ix_address_key_address_id", ["address_id"], unique=False)
    op.create_table(
        "address_name",
        sa.Column("mark", PathText, nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_address_name")),
    )
    op.create_table(
        "address_pair",
        sa.Column("pair", PathText, nullable=False),
        sa.Column("name", PathText, nullable=False),
        sa.PrimaryKeyConstraint("pair", "name", name=op.f("pk_address_pair")),
        sqlite_with_rowid=False,
    )
    op.add_column("incident", sa.Column("address_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE incident DROP COLUMN address_id")  # no copy of a million rows
    for table in ("address_pair", "address_name", "address_key", "address"):
        op.drop_table(table)
