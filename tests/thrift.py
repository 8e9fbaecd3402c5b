"""What comes out the same in every test is made once per process, not once per test.

Every test that asks for a page has an application of its own. Reading its templates, compiling its
155 addresses and laying a raster over the same eight grids were most of what such a test took.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, QueuePool, event
from werkzeug.routing import Rule

from gridtrack.accounts import rules
from gridtrack.categories import store as categories
from gridtrack.db.engine import make_engine
from gridtrack.grids import store
from gridtrack.grids.partition import Partition
from gridtrack.grids.rules import Grid

MANY = 100  # leaves: an index over more is made for one test only, and large
STATEMENTS = 5_000  # more than there are


def be_thrifty() -> None:
    """Keep all of it, in this process."""
    keep_templates()
    keep_addresses()
    keep_partitions()
    keep_categories()
    hash_cheaply()


class Templates(BytecodeCache):
    """Compiled templates in memory; a template whose text has changed is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(bucket.key)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def keep_templates() -> None:
    """Let all applications share the templates that they compile."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}


def keep_addresses() -> None:
    """Let rules of the same words share what is compiled of them; nothing of it is ever changed."""
    compiled: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    compile_one = Rule.compile

    def once(rule: Rule) -> None:
        here = rule.map
        where = (rule.subdomain, rule.host, rule.merge_slashes, here.host_matching)
        words = (rule.rule, *where, *here.converters.values())
        if rule.defaults:  # a function of its own, with the defaults in it
            compile_one(rule)
            return
        if words not in compiled:
            compile_one(rule)
            built = (rule._build.__func__, rule._build_unknown.__func__)
            compiled[words] = (rule._parts, rule._trace, rule._converters, rule.arguments, *built)
        parts, trace, converters, arguments, build, build_unknown = compiled[words]
        rule._parts, rule._trace, rule._converters = parts, trace, converters
        rule.arguments = set(arguments)
        rule._build = build.__get__(rule, None)
        rule._build_unknown = build_unknown.__get__(rule, None)

    Rule.compile = once


def keep_partitions() -> None:
    """Let databases with the same leaves share the index over them: it is immutable."""
    made: dict[tuple[Any, ...], Partition] = {}

    def once(leaves: Sequence[Grid], edition_id: int | None = None) -> Partition:
        if len(leaves) > MANY:
            return Partition(leaves, edition_id)
        words = (edition_id, *((one.code, one.path, one.shape.wkb) for one in leaves))
        if words not in made:
            made[words] = Partition(leaves, edition_id)
        return made[words]

    store.Partition = once


def hash_cheaply() -> None:
    """Passwords are hashed as the product does, but for the cost that keeps guessers out."""
    rules._HASHER = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)


def keep_categories() -> None:
    """Read the same text of a category tree once; a tree is immutable."""
    categories.parse_tree = cache(categories.parse_tree)


def share_statements(engine: Engine) -> Engine:
    """Let the engines of a process on SQLite files share the statements that they compile."""
    kept = _statements()
    engine.dialect = engine.pool._dialect = kept.dialect
    engine._compiled_cache = kept._compiled_cache
    return engine


@cache
def _statements() -> Engine:
    made = make_engine("sqlite://", query_cache_size=STATEMENTS, poolclass=QueuePool)
    made.connect().close()  # the dialect learns what this SQLite can do
    made.dispose()
    return made


def hurry(engine: Engine) -> Engine:
    """Let no commit on a SQLite file wait for the disk: these files outlive no power cut."""

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(engine, "connect", prepare)
    return engine
