"""Editions that can be changed and keep a record of it; long work that is run by the worker."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json

revision = "0002_editions"
down_revision = "0001_spine"

_APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER edition_entry_{verb.lower()} BEFORE {verb} ON edition_entry "
        "BEGIN SELECT RAISE(ABORT, 'the record of an edition is only ever appended'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            "CREATE FUNCTION edition_entries_are_appended() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'the record of an edition is only ever appended'; END $$"
        ),
        (
            "CREATE TRIGGER edition_entry_append_only BEFORE UPDATE OR DELETE ON edition_entry "
            "FOR EACH ROW EXECUTE FUNCTION edition_entries_are_appended()"
        ),
    ),
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("based_on", BigKey, nullable=True))
        batch_op.add_column(sa.Column("findings", Json, nullable=True))
        batch_op.add_column(sa.Column("checked_revision", sa.Integer(), nullable=True))
    # What was imported before was checked on its way in, and its accepted faults were kept.
    op.execute("UPDATE edition SET checked_revision = 0")
    op.create_table(
        "edition_entry",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("edition_id", BigKey, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_entry_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_entry")),
    )
    with op.batch_alter_table("edition_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_edition_entry_edition_id"), ["edition_id"], unique=False
        )
    for statement in _APPEND_ONLY[dialect]:
        op.execute(statement)
    op.create_table(
        "task",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("params", Json, nullable=False),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("result", Json, nullable=True),
        sa.Column("error", Json, nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_waiting",
            ["id"],
            unique=False,
            postgresql_where=sa.text("finished_at IS NULL"),
            sqlite_where=sa.text("finished_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("task")
    op.drop_table("edition_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION edition_entries_are_appended()")
    # Not as a batch: SQLite would make the table anew, and grids that name it do not let it go.
    for name in ("checked_revision", "findings", "based_on", "revision"):
        op.execute(f"ALTER TABLE edition DROP COLUMN {name}")
