"""A database on PostgreSQL that many tests use one after another, put back after each.

A copy for each test takes longer than most tests: making it writes out the whole server, and the
first statements of a connection to a new database read its catalogue anew. Putting one back takes
the rows out that a test left, and the connections stay.

What putting rows back cannot undo, such as another schema or planner statistics, is noticed, and
the database is then made anew. A test that wants nobody else's connections beside its own says
`@pytest.mark.own_database`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from gridtrack.db.engine import make_engine
from tests.thrift import STATEMENTS

KEPT = "kept"  # what our connections are called, so that those of others are known
TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
GROUP BY c.relname"""
# A table without a row has no page either once it has been vacuumed.
FILLED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND pg_relation_size(oid) > 0"""
SEQUENCES = """
SELECT format('%I', sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
FROM pg_sequences WHERE schemaname = 'public'"""
# Every change of a schema, a trigger or the planner's statistics leaves a newer row in one of these
CATALOGUE = [
    "pg_attribute", "pg_class", "pg_constraint", "pg_db_role_setting", "pg_index", "pg_proc",
    "pg_statistic", "pg_trigger", "pg_type",
]  # fmt: skip
SCHEMA = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in CATALOGUE
)
RESTART = """
SELECT setval(name::regclass, value, used)
FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS one (name, value, used)"""
CHANGED = """
SELECT {name} FROM {table}
HAVING count(*) <> {count} OR bool_or(xmin::text::bigint <> {xmin})"""
BACKENDS = """
SELECT pid, application_name = %s AND state = 'idle' FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(slots=True)
class Beginning:
    """What a database held before the first test."""

    rows: dict[str, bytes] = field(default_factory=dict)  # of the tables that have any, as COPY
    xmin: dict[str, int] = field(default_factory=dict)  # the transaction that put them there
    count: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    sequences: list[tuple[str, int, bool]] = field(default_factory=list)
    schema: list[Any] = field(default_factory=list)


class Elephant:
    """A database made by `make`, which gives its address, and the connections to it."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make
        self.made = 0
        self._begin()

    def _begin(self) -> None:
        self.url = self._make()
        self.made += 1
        named = make_url(self.url).update_query_dict({"application_name": KEPT})
        self._engine = make_engine(
            named.render_as_string(hide_password=False), query_cache_size=STATEMENTS
        )
        self._lent = self._engine
        self._admin = psycopg.connect(
            self.url.replace("postgresql+psycopg://", "postgresql://"),
            autocommit=True,
            options="-c session_replication_role=replica",  # no trigger, no foreign key
        )
        self._beginning = Beginning()
        self._remember()

    def lend(self) -> Engine:
        """An engine for one test on the connections of all: what listens to it goes with it."""
        kept = self._engine
        self._lent = Engine(kept.pool, kept.dialect, make_url(self.url))
        self._lent._compiled_cache = kept._compiled_cache
        return self._lent

    def put_back(self) -> None:
        """Make every table and sequence what it was, whatever was left, running or half done."""
        try:
            self._end_others()
            whole = self._admin.execute(SCHEMA).fetchall() == self._beginning.schema
            if whole:
                self._put_back()
        except psycopg.Error:
            whole = False
        if not whole:
            self.close()
            self._begin()

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()
        self._admin.close()

    def _end_others(self) -> None:
        """Only connections that lie in the pool stay; if one is missing there, none does."""
        pool = self._engine.pool
        if self._lent.pool is not pool:  # the test let its connections go, and took new ones
            self._lent.dispose()
        there = self._admin.execute(BACKENDS, [KEPT]).fetchall()
        ours = [pid for pid, idle in there if idle]
        if pool.checkedout() or len(ours) != pool.checkedin():
            self._engine.dispose()
            ours = []
        for pid in {pid for pid, _idle in there} - set(ours):
            self._admin.execute("SELECT pg_terminate_backend(%s, 20000)", [pid])

    def _remember(self) -> None:
        known, admin = self._beginning, self._admin
        known.columns = dict(admin.execute(TABLES).fetchall())
        known.sequences = admin.execute(SEQUENCES).fetchall()
        for table in known.columns:
            with admin.cursor().copy(self._copy("COPY {} ({}) TO STDOUT", table)) as copy:
                rows = b"".join(bytes(part) for part in copy)
            if rows:
                known.rows[table] = rows
        self._refill(list(known.columns))
        known.schema = admin.execute(SCHEMA).fetchall()

    def _put_back(self) -> None:
        known, admin = self._beginning, self._admin
        empty = [table for table in known.columns if table not in known.rows]
        left = [table for (table,) in admin.execute(FILLED, [empty])]
        self._refill(left + self._changed())
        admin.execute(RESTART, [list(part) for part in zip(*known.sequences, strict=True)])

    def _changed(self) -> list[str]:
        """The tables that do not hold just what was put there."""
        known = self._beginning
        asked = sql.SQL(" UNION ALL ").join(
            sql.SQL(CHANGED).format(
                name=table,
                table=sql.Identifier(table),
                count=known.count[table],
                xmin=known.xmin[table],
            )
            for table in known.rows
        )
        return [table for (table,) in self._admin.execute(asked)]

    def _refill(self, tables: list[str]) -> None:
        """Empty tables, to the last page so that rows lie in order, and fill them as they were."""
        if not tables:
            return
        known, admin = self._beginning, self._admin
        names = [sql.Identifier(table) for table in tables]
        admin.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in names))
        admin.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(names)))
        with admin.transaction(), admin.cursor() as cursor:
            for table in known.rows.keys() & set(tables):
                with cursor.copy(self._copy("COPY {} ({}) FROM STDIN", table)) as copy:
                    copy.write(known.rows[table])
                known.count[table] = cursor.rowcount
                found = cursor.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
                known.xmin[table] = found[0]

    def _copy(self, how: str, table: str) -> sql.Composed:
        columns = map(sql.Identifier, self._beginning.columns[table])
        return sql.SQL(how).format(sql.Identifier(table), sql.SQL(", ").join(columns))
