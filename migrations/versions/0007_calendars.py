"""Calendars that limits are counted in, days that are not as the rule says, and their record."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json

revision = "0007_calendars"
down_revision = "0006_map_pieces"

_APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER calendar_change_{verb.lower()} BEFORE {verb} ON calendar_change "
        "BEGIN SELECT RAISE(ABORT, 'the record of the calendars is only ever appended'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            "CREATE FUNCTION calendar_changes_are_appended() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the record of the calendars is only ever appended'; END $$"
        ),
        (
            "CREATE TRIGGER calendar_change_append_only BEFORE UPDATE OR DELETE ON calendar_change "
            "FOR EACH ROW EXECUTE FUNCTION calendar_changes_are_appended()"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("workdays", sa.Boolean(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=True),
        sa.Column("notice", sa.Integer(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("date", "source", name=op.f("pk_calendar_day")),
    )
    op.create_index("ix_calendar_day_notice", "calendar_day", ["notice"])
    op.create_table(
        "calendar_change",
        sa.Column("rev", BigKey, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.PrimaryKeyConstraint("rev", name=op.f("pk_calendar_change")),
    )
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("calendar_change")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION calendar_changes_are_appended()")
    op.drop_table("calendar_day")
    op.drop_table("calendar")
