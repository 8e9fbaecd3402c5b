"""Several clocks of a matter: what each counts on, what rests, and when a hold ends."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import Instant

revision = "0020_clocks"
down_revision = "0019_used_up"

_COUNTS = ("fired", "late", "missing", "double", "early")
_ON_CALENDAR = sa.text("calendar IS NOT NULL AND state = 'running'")


def upgrade() -> None:
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar", sa.String(length=20), nullable=True))
        for name, kind in (("calendar_rev", sa.Integer()), ("extended", sa.Integer()),
                           ("paused_us", sa.BigInteger())):  # fmt: skip
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("base_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("wish_at", Instant(), nullable=True))
        for name in ("left_us", "wish_by"):
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_clock_calendar_rev", ["calendar_rev", "incident_id"],
            postgresql_where=_ON_CALENDAR, sqlite_where=_ON_CALENDAR,
        )  # fmt: skip
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_until", Instant(), nullable=True))
    # What was found is kept; the key gets the clock that each promise is of.
    _audited(
        sa.Column("clock", sa.String(length=12), nullable=False),
        source="'acknowledge'",
        key=("incident_id", "clock", "cycle"),
    )


def _audited(*extra: sa.Column[str], source: str, key: tuple[str, ...]) -> None:
    """Make `audited_promise` anew with the columns `extra`, filled from `source`."""
    op.execute("CREATE TABLE audited_before AS SELECT * FROM audited_promise")
    op.drop_table("audited_promise")
    op.create_table(
        "audited_promise",
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        *extra,
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("worst_late_ms", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("expected_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_audited_promise")),
    )
    names = ", ".join(("incident_id", "cycle", "made_at", "day", *_COUNTS, "worst_late_ms",
                       "faults", "expected_at"))  # fmt: skip
    filled, given = (", clock", f", {source}") if extra else ("", "")
    only = "" if extra else " WHERE clock = 'acknowledge'"
    op.execute(
        f"INSERT INTO audited_promise ({names}{filled}) "  # noqa: S608 - names of this file
        f"SELECT {names}{given} FROM audited_before{only}"
    )
    op.drop_table("audited_before")
    for name, column, where in (
        ("expected", "expected_at", sa.text("expected_at IS NOT NULL")),
        ("faulty", "made_at", sa.text("faults > 0")),
        ("day", "day", None),
    ):
        op.create_index(
            f"ix_audited_promise_{name}", "audited_promise", [column],
            postgresql_where=where, sqlite_where=where,
        )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_column("held_until")
    _audited(source="", key=("incident_id", "cycle"))
    # An older version knows one clock, and neither rest nor a second look at the calendar.
    op.execute("DELETE FROM clock WHERE kind <> 'acknowledge'")
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("ix_clock_calendar_rev")
        for name in (
            "left_us",
            "base_at",
            "paused_us",
            "extended",
            "calendar_rev",
            "calendar",
            "wish_at",
            "wish_by",
        ):
            batch_op.drop_column(name)
