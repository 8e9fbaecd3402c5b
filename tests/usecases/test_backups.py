"""Everything out of a deployment while it runs, and back: elsewhere, into either database."""

import io
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from PIL import Image
from sqlalchemy import text

from gridtrack.analytics.auditor import audit
from gridtrack.backups import folder as folders
from gridtrack.backups.files import digest
from gridtrack.backups.keys import Kept, write_keys
from gridtrack.backups.last import last
from gridtrack.backups.manifest import DATA, NAME, read_manifest
from gridtrack.clock import ManualClock
from gridtrack.db import copying, migrate
from gridtrack.errors import Conflict, GridtrackError, Invalid, Rejected, Unavailable
from gridtrack.incidents import sums
from gridtrack.incidents.reporters import bound
from gridtrack.incidents.tables import Event, Photo, Reporter
from gridtrack.photos.files import path_of
from gridtrack.settings import Settings
from gridtrack.usecases import back_up as making
from gridtrack.usecases.add_photo import add_photo, clean_photo
from gridtrack.usecases.restore import Wish, restore
from gridtrack.usecases.verify_backup import verify
from gridtrack.work import make_runtime
from tests.builders import NOW, PARKING, Site
from tests.conftest import POSTGRES
from tests.filled import everything, filled

# A restore into a database that somebody else is connected to is refused.
pytestmark = pytest.mark.own_database
PLAIN = POSTGRES.replace("+psycopg", "")


def silent(_step: str, _done: int, _total: int) -> None:
    pass


def backed_up(site: Site, tell: making.Tell = silent, *, photos: bool = True) -> making.Made:
    return making.back_up(site.runtime, store_of(site), photos=photos, tell=tell)


def store_of(site: Site) -> Path:
    return site.runtime.settings.instance.parent / "store"


def busy(site: Site) -> list[int]:
    """Matters in every stage: waiting, climbed, taken up with a photo."""
    ids = [site.report().incident_id, site.report(PARKING).incident_id]
    site.sweep(minutes=6)
    ids.append(site.report().incident_id)
    site.acknowledge(ids[2], "worker-a11")
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "green").save(picture, "JPEG")
    with site.work("worker-a11") as work:
        add_photo(work, ids[2], clean_photo(work.settings, picture.getvalue()), "before")
    return ids


@dataclass
class Target:
    """Somewhere else to restore into."""

    settings: Settings
    clock: ManualClock

    def restore(self, backup: Path, **wish: Any) -> Site:
        restore(self.settings, self.clock, backup, Wish(**wish), silent)
        return self.site()

    def site(self) -> Site:
        return Site(make_runtime(self.settings, self.clock), self.clock)


@pytest.fixture
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Target]]:
    """`another("postgresql")`: a place elsewhere on a database of that kind."""
    made = []

    def make(dialect: str) -> Target:
        clock = ManualClock(NOW)
        if dialect == "sqlite":
            return Target(Settings(instance=tmp_path / "elsewhere"), clock)
        template = request.getfixturevalue("postgres_template")
        made.append(f"t_{uuid.uuid4().hex[:12]}")
        with psycopg.connect(PLAIN, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
        url = f"{POSTGRES.rsplit('/', 1)[0]}/{made[-1]}"
        return Target(Settings(instance=tmp_path / "elsewhere", database_url=url), clock)

    yield make
    for name in made:
        with psycopg.connect(PLAIN, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def elsewhere(site: Site) -> Target:
    folder = site.runtime.settings.instance.parent / "elsewhere"
    return Target(Settings(instance=folder), ManualClock(site.clock.now()))


def with_key(site: Site) -> Path:
    path = site.runtime.settings.instance.parent / "keys.json"
    write_keys(path, site.runtime.secret, site.runtime.keys.ring)
    return path


def kept_of(site: Site) -> Kept:
    return Kept(site.runtime.secret, site.runtime.keys.ring)


def record(site: Site, *, until: int | None = None) -> list[tuple[object, ...]]:
    """Every event up to one, whole."""
    with site.look() as work:
        found = work.session.query(Event).order_by(Event.id)
        return [
            tuple(getattr(row, column.name) for column in Event.__table__.columns)
            for row in found
            if until is None or row.id <= until
        ]


def reporters(site: Site) -> list[tuple[int, str, str, str]]:
    with site.look() as work:
        rows = work.session.query(Reporter).order_by(Reporter.incident_id)
        return [
            (
                one.incident_id,
                work.keys.open(one.sealed_name, bound(one.incident_id, "name")),
                work.keys.open(one.sealed_contact, bound(one.incident_id, "contact")),
                one.code_hash,
            )
            for one in rows
        ]


# --- the rehearsal -------------------------------------------------------------------------------


def test_what_was_committed_comes_back_and_the_clocks_go_on(
    site: Site, another: Callable[[str], Target]
) -> None:
    target = another(site.runtime.engine.dialect.name)
    target.clock.set(NOW + timedelta(minutes=6))
    client = str(uuid.uuid4())
    receipt = site.report(client_id=client)
    ids = [receipt.incident_id, *busy(site)]
    newest, told = record(site)[-1][0], reporters(site)

    def meanwhile(step: str, _done: int, _total: int) -> None:
        """Somebody reports between any two steps of the backup."""
        if step == "database" and len(record(site)) < 40:
            site.report()

    made = backed_up(site, meanwhile)
    assert made.manifest.last_event == newest
    assert len(record(site, until=None)) > len(record(site, until=newest))

    again = target.restore(made.path, keys=with_key(site))
    assert record(again) == record(site, until=newest)
    assert reporters(again) == told
    assert all(again.sums_up(one) for one in ids)
    again.sweep(minutes=30)
    with again.look() as work:
        found = audit(work)
        assert (found.missing, found.double, found.early) == (0, 0, 0), found.faults[:3]
        assert found.fired > 1
        (name,) = work.session.query(Photo.name).one()
    assert digest(path_of(target.settings.instance / "photos", name)) == name[3:67]
    assert path_of(target.settings.instance / "photos", name, thumb=True)
    assert again.report(client_id=client).code == receipt.code  # the key came along
    assert again.report().incident_id > max(ids)
    again.runtime.engine.dispose()


def test_every_row_of_every_table_comes_out_the_same_in_the_other_database(
    site: Site, another: Callable[[str], Target]
) -> None:
    rows = filled(site)
    made = backed_up(site)
    found = verify(store_of(site), kept_of(site), silent)
    assert (found.path, found.key_fits, found.faults) == (made.path, True, ())
    assert made.manifest.rows == {name: len(some) for name, some in rows.items()}
    with copying.reading(made.path / DATA) as engine:
        assert everything(engine) == rows
    other = "postgresql" if site.runtime.engine.dialect.name == "sqlite" else "sqlite"
    again = another(other).restore(made.path, keys=with_key(site))
    assert everything(again.runtime.engine) == rows
    again.runtime.engine.dispose()


# --- what is there already -----------------------------------------------------------------------


def count_of(site: Site) -> int:
    with site.look() as work:
        return work.session.query(Event.id).count()


def here(site: Site) -> Target:
    """The very deployment that was backed up, with nobody at work in it."""
    site.runtime.engine.dispose()
    return Target(site.runtime.settings, site.clock)


def test_a_place_with_data_is_refused_and_with_replace_kept_aside(site: Site) -> None:
    site.report()
    made = backed_up(site)
    before = count_of(site)
    site.report()
    with pytest.raises(Conflict, match="restore-not-empty"):
        here(site).restore(made.path)
    done = restore(site.runtime.settings, site.clock, made.path, Wish(replace=True), silent)
    assert count_of(site) == before
    (aside,) = done.aside
    if "schema" in aside:
        with site.look() as work:
            old = work.session.execute(text(f"SELECT count(*) FROM {aside.split()[1]}.event"))
            assert old.scalar_one() > before
    else:
        content, faults = copying.inspect(Path(aside))
        assert faults == []
        assert content.rows["event"] > before


def test_what_does_not_come_out_right_leaves_everything_as_it_was(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.report()
    rules = site.runtime.settings.instance / "orders.toml"
    rules.write_text("old = 1")
    made = backed_up(site)
    rules.write_text("new = 1")
    site.report()
    before = record(site)
    answers = iter([[], [1]])
    monkeypatch.setattr(sums, "unequal", lambda _session: next(answers))
    with pytest.raises(Conflict, match="restore-differs"):
        here(site).restore(made.path, replace=True)
    assert record(site) == before
    assert rules.read_text() == "new = 1"
    folder = site.runtime.settings.instance
    assert not [p.name for p in folder.iterdir() if "before" in p.name or ".part" in p.name]


def test_a_database_that_somebody_works_in_is_left_alone(site: Site) -> None:
    site.report()
    made = backed_up(site)
    site.runtime.engine.dispose()
    with site.look(), pytest.raises(Conflict, match="restore-in-use"):
        restore(site.runtime.settings, site.clock, made.path, Wish(replace=True), silent)
    assert count_of(site) > 0


def test_what_a_killed_restore_left_goes_and_two_do_not_run_at_once(lite: Site) -> None:
    lite.report()
    made, there = backed_up(lite), elsewhere(lite)
    folder = there.settings.instance
    folder.mkdir()
    (folder / ".restore.part").write_text("half a database")

    def another(*_: object) -> None:
        with pytest.raises(Conflict, match="restore-running"):
            restore(there.settings, there.clock, made.path, Wish(other_key=True), silent)

    busy(lite)
    lite.clock.advance(seconds=1)
    pictured = backed_up(lite)
    told: list[str] = []

    def tell(step: str, _done: int, _total: int) -> None:
        if step == "photos":
            told.append(step)
            another()

    restore(there.settings, there.clock, pictured.path, Wish(other_key=True), tell)
    assert told
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_damaged_database_can_be_replaced(lite: Site) -> None:
    lite.report()
    made, before = backed_up(lite), count_of(lite)
    lite.runtime.engine.dispose()
    path = Path(lite.runtime.engine.url.database or "")
    path.write_bytes(b"not a database at all, any more" * 200)
    with pytest.raises(Conflict, match="restore-not-empty"):
        here(lite).restore(made.path)
    assert count_of(here(lite).restore(made.path, replace=True)) == before


# --- older and newer -----------------------------------------------------------------------------


def test_a_backup_of_an_older_schema_is_brought_up(lite: Site) -> None:
    one = lite.report().incident_id
    migrate.downgrade(lite.runtime.engine, "0012_zones")
    made = backed_up(lite, photos=False)
    assert made.manifest.schema_ == "0012_zones"
    again = elsewhere(lite).restore(made.path, keys=with_key(lite))
    assert migrate.current(again.runtime.engine) == migrate.head()
    assert again.sums_up(one)
    again.runtime.engine.dispose()


def test_on_postgresql_the_schema_must_be_the_newest(elephant: Site) -> None:
    migrate.downgrade(elephant.runtime.engine, "-1")
    with pytest.raises(Conflict, match="backup-schema-differs"):
        backed_up(elephant)
    assert folders.backups_in(store_of(elephant)) == []


# --- tampered, incomplete, a key that does not fit -----------------------------------------------


def refused(site: Site, folder: Path, **wish: Any) -> list[str]:
    """The codes that a restore elsewhere is refused with; nothing may be there afterwards."""
    there = elsewhere(site)
    with pytest.raises(GridtrackError) as told:
        there.restore(folder, **{"keys": with_key(site), **wish})
    folder = there.settings.instance
    assert not folder.exists() or list(folder.iterdir()) == []
    faults = told.value.faults if isinstance(told.value, Rejected) else (told.value,)
    return [f"{fault.code} {fault.params.get('value')}" for fault in faults]


def test_a_byte_that_was_changed_is_found_in_its_part(lite: Site) -> None:
    busy(lite)
    (lite.runtime.settings.instance / "orders.toml").write_text("x = 1")
    folder = backed_up(lite).path
    pool = folders.pool_of(folder)
    photo = next(path for path in pool.rglob("*.jpg") if "thumb" not in path.name)
    shown = f"photos/{photo.relative_to(pool).as_posix()}"
    for path, told in (
        (folder / DATA, f"backup-part-changed {DATA}"),
        (folder / "own/orders.toml", "backup-part-changed own/orders.toml"),
        (folder / "photos.sha256", "backup-part-changed photos.sha256"),
        (photo, f"backup-photo-changed {shown}"),
    ):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert refused(lite, folder) == [told]
        path.unlink()
        assert refused(lite, folder) == [told.replace("part-changed", "part-missing")]
        path.write_bytes(whole)
    assert elsewhere(lite).restore(folder, keys=with_key(lite))


CHANGED: tuple[tuple[dict[str, object], str], ...] = (
    ({"taken_at": "2026-01-01T00:00:00Z"}, "backup-seal-broken manifest.json"),
    ({"rows": {}}, "backup-rows-differ data.sqlite"),
    ({"last_event": 10**6}, "backup-rows-differ data.sqlite"),
    ({"parts": []}, "backup-manifest-bad manifest.json"),
    (
        {"parts": [{"name": "../../etc/passwd", "bytes": 1, "sha256": "0" * 64}]},
        "backup-manifest-bad manifest.json",
    ),
    ({"salt": "zz"}, "backup-manifest-bad manifest.json"),
    ({"format": 3}, "backup-format-newer 3"),
    ({"schema": "9999_later"}, "backup-schema-newer 9999_later"),
)


def test_a_manifest_that_was_changed_is_refused(lite: Site) -> None:
    folder = backed_up(lite).path
    whole = (folder / NAME).read_text()
    for changes, told in CHANGED:
        (folder / NAME).write_text(json.dumps({**json.loads(whole), **changes}))
        assert refused(lite, folder)[0] == told


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}", b"[" * 10_000, b'"x"'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(Invalid, match="backup-manifest-bad"):
        read_manifest(tmp_path)


def test_a_key_that_does_not_fit_is_refused(lite: Site, tmp_path: Path) -> None:
    one = lite.report().incident_id
    folder = backed_up(lite).path
    wrong = tmp_path / "wrong.json"
    write_keys(wrong, "another", lite.runtime.keys.ring)
    assert refused(lite, folder, keys=wrong) == ["backup-key-wrong None"]
    assert refused(lite, folder, keys=None) == ["backup-key-missing None"]
    assert refused(lite, folder, keys=folder / NAME) == ["keys-file-bad None"]
    assert verify(folder, Kept("another", None), silent).key_fits is False
    again = elsewhere(lite).restore(folder, other_key=True)
    assert again.runtime.secret != lite.runtime.secret
    with pytest.raises(Unavailable, match="seal-key-missing"):
        reporters(again)
    assert again.sums_up(one)
    again.runtime.engine.dispose()


def test_the_key_is_nowhere_in_the_backup(lite: Site) -> None:
    busy(lite)
    folder = backed_up(lite).path
    files = [path for path in folder.parent.rglob("*") if path.is_file()]
    secret = lite.runtime.secret.encode()
    assert len(files) > 4
    assert [path for path in files if secret in path.read_bytes()] == []
    assert {oct(path.stat().st_mode & 0o077) for path in files if path.name != ".lock"} == {"0o0"}


# --- whole or not at all -------------------------------------------------------------------------


def test_interrupted_it_leaves_nothing_and_killed_the_next_one_tidies_up(lite: Site) -> None:
    lite.report()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backed_up(lite, interrupt)
    store = store_of(lite)
    assert [path.name for path in store.iterdir()] == [".lock"]
    (store / ".20260101T000000Z.part").mkdir()
    (store / ".20260101T000000Z.part" / DATA).write_text("half")
    made = backed_up(lite)
    assert sorted(path.name for path in store.iterdir()) == [".lock", made.path.name]


def test_where_it_cannot_fit_nothing_is_begun(lite: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "free_bytes", lambda _: 1000)
    with pytest.raises(Unavailable, match="backup-disk-small"):
        backed_up(lite)
    assert not store_of(lite).exists()


def test_only_one_is_made_at_a_time(lite: Site) -> None:
    def another(*_: object) -> None:
        with pytest.raises(Conflict, match="backup-running"):
            backed_up(lite)

    assert backed_up(lite, another).path.is_dir()


def test_a_photo_is_copied_once_and_goes_with_the_last_backup_that_names_it(lite: Site) -> None:
    busy(lite)
    first = backed_up(lite)
    pool = folders.pool_of(first.path)
    written = {path: path.stat().st_ino for path in pool.rglob("*.jpg")}
    assert len(written) == 2
    lite.clock.advance(days=1)
    assert backed_up(lite).manifest.photos == first.manifest.photos
    assert {path: path.stat().st_ino for path in pool.rglob("*.jpg")} == written
    lite.clock.advance(days=1)
    bare = backed_up(lite, photos=False)
    assert len(making.keep_newest(store_of(lite), 1)) == 2
    assert folders.backups_in(store_of(lite)) == [bare.path]
    assert list(pool.rglob("*.jpg")) == []


def test_a_photo_that_is_gone_or_damaged_is_told_and_the_rest_kept(lite: Site) -> None:
    busy(lite)
    photos = lite.runtime.settings.instance / "photos"
    one = next(path for path in photos.rglob("*.jpg") if "thumb" not in path.name)
    name, whole = one.relative_to(photos).as_posix(), one.read_bytes()
    one.write_bytes(whole[:100])
    assert backed_up(lite).manifest.photos.missing == (name,)
    one.write_bytes(whole)
    lite.clock.advance(seconds=1)
    assert backed_up(lite).manifest.photos.missing == ()


def test_the_deployment_knows_when_it_was_backed_up(lite: Site) -> None:
    assert last(lite.runtime.settings.instance) is None
    made = backed_up(lite)
    assert last(lite.runtime.settings.instance) == made.manifest.taken_at == lite.clock.now()


def test_a_rehearsal_can_tell_nobody_outside(lite: Site) -> None:
    with lite.work() as work:
        work.session.execute(
            text(
                "INSERT INTO subscription (channel, target, secret, locale, active) "
                "VALUES ('webhook', 'https://hooks.example.cn/', 's', 'zh', true)"
            )
        )
    made = backed_up(lite)
    again = elsewhere(lite).restore(made.path, keys=with_key(lite), silent=True)
    with again.look() as work:
        assert work.session.execute(
            text("SELECT count(*), sum(active) FROM subscription")
        ).one() == (1, 0)
    again.runtime.engine.dispose()
