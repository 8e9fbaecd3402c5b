"""The spine: grids, people, incidents with their events, clocks, messages."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json, PathText, Shape

revision = "0001_spine"
down_revision = None


_APPEND_ONLY = {
    "sqlite": (
        (
            "CREATE TRIGGER event_update BEFORE UPDATE ON event "
            "BEGIN SELECT RAISE(ABORT, 'events are only ever appended'); END"
        ),
        (
            "CREATE TRIGGER event_delete BEFORE DELETE ON event "
            "BEGIN SELECT RAISE(ABORT, 'events are only ever appended'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION events_are_appended() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'events are only ever appended'; END $$"
        ),
        (
            "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event "
            "FOR EACH ROW EXECUTE FUNCTION events_are_appended()"
        ),
    ),
}
# The hot tables are updated all day: vacuum them long before a fifth of a million rows is dead
# (an idle sweep cost 17 ms on a bloated index, 0.6 ms on a clean one).
_VACUUM = "ALTER TABLE {} SET (autovacuum_vacuum_scale_factor = 0.01)"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.create_table(
        "edition",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("valid_from", Instant(), nullable=True),
        sa.Column("valid_to", Instant(), nullable=True),
        sa.Column("tolerance_m", sa.Double(), nullable=False),
        sa.Column("source", Json, nullable=False),
        sa.Column("accepted", Json, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("tick_ms", sa.Double(), nullable=False),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "person",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "policy_version",
        sa.Column("version", BigKey, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("digest", name=op.f("uq_policy_version_digest")),
    )
    op.create_table(
        "zone",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("manager", sa.String(length=120), nullable=False),
        sa.Column("shape", Shape(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("code", name=op.f("uq_zone_code")),
    )
    op.create_table(
        "absence",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_absence_person_id_until_at", ["person_id", "until_at"], unique=False
        )

    op.create_table(
        "api_token",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("permissions", Json, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "grid",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("edition_id", BigKey, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("path", PathText, nullable=False),
        sa.Column("shape", Shape(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("min_lon", sa.Double(), nullable=False),
        sa.Column("min_lat", sa.Double(), nullable=False),
        sa.Column("max_lon", sa.Double(), nullable=False),
        sa.Column("max_lat", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_grid_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_grid_edition_id_code")),
    )
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.create_index("ix_grid_path", ["edition_id", "path"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("reported_by", BigKey, nullable=True),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column("datum", sa.String(length=10), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("tile", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("sensitivity", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=True),
        sa.Column("grid_code", sa.String(length=64), nullable=True),
        sa.Column("grid_path", PathText, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("border_distance_m", sa.Double(), nullable=True),
        sa.Column("neighbour_code", sa.String(length=64), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("handler_id", BigKey, nullable=True),
        sa.Column("handler_role", sa.String(length=20), nullable=True),
        sa.Column("co_handler_id", BigKey, nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("next_due_at", Instant(), nullable=True),
        sa.Column("deadline_state", sa.String(length=12), nullable=False),
        sa.Column("rung", sa.String(length=20), nullable=True),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolved_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("duplicate_of", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["co_handler_id"], ["person.id"], name=op.f("fk_incident_co_handler_id")
        ),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_incident_handler_id")),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["person.id"], name=op.f("fk_incident_reported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("client_id", name=op.f("uq_incident_client_id")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incident_co_handler",
            ["co_handler_id", "is_open", "due_at", "id"],
            unique=False,
            postgresql_where=sa.text("co_handler_id IS NOT NULL"),
            sqlite_where=sa.text("co_handler_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_incident_due_at",
            ["due_at", "id"],
            unique=False,
            postgresql_where=sa.text("due_at IS NOT NULL"),
            sqlite_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_incident_handler", ["handler_id", "is_open", "due_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_incident_next_due_at",
            ["next_due_at", "id"],
            unique=False,
            postgresql_where=sa.text("next_due_at IS NOT NULL"),
            sqlite_where=sa.text("next_due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_incident_open_path",
            ["grid_path", "sensitivity", "state", "due_at", "rung", "id", "is_open"],
            unique=False,
            postgresql_where=sa.text("is_open"),
            sqlite_where=sa.text("is_open = 1"),
        )
        batch_op.create_index(
            "ix_incident_open_tile",
            ["tile"],
            unique=False,
            postgresql_where=sa.text("is_open"),
            sqlite_where=sa.text("is_open = 1"),
        )
        batch_op.create_index("ix_incident_path", ["grid_path", "reported_at", "id"], unique=False)
        batch_op.create_index(
            "ix_incident_triage",
            ["id"],
            unique=False,
            postgresql_where=sa.text("handler_id IS NULL AND is_open"),
            sqlite_where=sa.text("handler_id IS NULL AND is_open = 1"),
        )

    op.create_table(
        "post",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scope", PathText, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("deputy", sa.Boolean(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_post_scope", ["scope", "role"], unique=False)
        batch_op.create_index("ix_post_zone", ["zone", "role"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", BigKey, nullable=True),
        sa.Column("scope", sa.String(length=200), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_subscription_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_person_id"), ["person_id"], unique=False)

    op.create_table(
        "clock",
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("ladder", sa.String(length=20), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("met_at", Instant(), nullable=True),
        sa.Column("breached_at", Instant(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("next_fire_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_clock_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", "kind", "cycle", name=op.f("pk_clock")),
    )
    op.create_table(
        "event",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_event_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("incident_id", "seq", name=op.f("uq_event_incident_id_seq")),
        sa.UniqueConstraint("key", name=op.f("uq_event_key")),
    )
    op.create_table(
        "message",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("incident_id", BigKey, nullable=True),
        sa.Column("recipient_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("subscription_id", BigKey, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("read_at", Instant(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_message_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_message_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_incident_id", ["incident_id"], unique=False)
        batch_op.create_index(
            "ix_message_dead",
            ["id"],
            unique=False,
            postgresql_where=sa.text("state = 'dead'"),
            sqlite_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(
            "ix_message_notices",
            ["recipient_id", "id"],
            unique=False,
            postgresql_where=sa.text("channel = 'inbox'"),
            sqlite_where=sa.text("channel = 'inbox'"),
        )
        batch_op.create_index(
            "ix_message_unread",
            ["recipient_id", "id"],
            unique=False,
            postgresql_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
            sqlite_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
        )
        batch_op.create_index(
            "ix_message_waiting",
            ["next_attempt_at", "id"],
            unique=False,
            postgresql_where=sa.text("state IN ('pending', 'leased')"),
            sqlite_where=sa.text("state IN ('pending', 'leased')"),
        )

    op.create_table(
        "photo",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_photo_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("incident_id", "name", name=op.f("uq_photo_incident_id_name")),
    )
    op.create_table(
        "quarantine",
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_quarantine_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "reporter",
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_reporter_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_reporter")),
    )
    for statement in _APPEND_ONLY[dialect]:
        op.execute(statement)
    if dialect == "postgresql":
        op.create_index("ix_grid_shape", "grid", ["shape"], postgresql_using="gist")
        for table in ("incident", "clock", "message"):
            op.execute(_VACUUM.format(table))


def downgrade() -> None:
    op.drop_table("reporter")
    op.drop_table("quarantine")
    op.drop_table("photo")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_waiting",
            postgresql_where=sa.text("state IN ('pending', 'leased')"),
            sqlite_where=sa.text("state IN ('pending', 'leased')"),
        )
        batch_op.drop_index(
            "ix_message_unread",
            postgresql_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
            sqlite_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_message_notices",
            postgresql_where=sa.text("channel = 'inbox'"),
            sqlite_where=sa.text("channel = 'inbox'"),
        )
        batch_op.drop_index(
            "ix_message_dead",
            postgresql_where=sa.text("state = 'dead'"),
            sqlite_where=sa.text("state = 'dead'"),
        )
        batch_op.drop_index("ix_message_incident_id")

    op.drop_table("message")
    op.drop_table("event")
    op.drop_table("clock")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_person_id"))

    op.drop_table("subscription")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_zone")
        batch_op.drop_index("ix_post_scope")
        batch_op.drop_index(batch_op.f("ix_post_person_id"))

    op.drop_table("post")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_incident_triage",
            postgresql_where=sa.text("handler_id IS NULL AND is_open"),
            sqlite_where=sa.text("handler_id IS NULL AND is_open = 1"),
        )
        batch_op.drop_index("ix_incident_path")
        batch_op.drop_index(
            "ix_incident_open_tile",
            postgresql_where=sa.text("is_open"),
            sqlite_where=sa.text("is_open = 1"),
        )
        batch_op.drop_index(
            "ix_incident_open_path",
            postgresql_where=sa.text("is_open"),
            sqlite_where=sa.text("is_open = 1"),
        )
        batch_op.drop_index(
            "ix_incident_next_due_at",
            postgresql_where=sa.text("next_due_at IS NOT NULL"),
            sqlite_where=sa.text("next_due_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_incident_handler")
        batch_op.drop_index(
            "ix_incident_due_at",
            postgresql_where=sa.text("due_at IS NOT NULL"),
            sqlite_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_incident_co_handler",
            postgresql_where=sa.text("co_handler_id IS NOT NULL"),
            sqlite_where=sa.text("co_handler_id IS NOT NULL"),
        )

    op.drop_table("incident")
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.drop_index("ix_grid_path")

    op.drop_table("grid")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_person_id_until_at")

    op.drop_table("absence")
    op.drop_table("zone")
    op.drop_table("policy_version")
    op.drop_table("person")
    op.drop_table("heartbeat")
    op.drop_table("edition")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION events_are_appended()")
