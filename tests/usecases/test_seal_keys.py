"""Keys are changed while people report; a value is whole under one of them at every instant."""

import pytest
from sqlalchemy import text

from gridtrack.db import migrate
from gridtrack.db.engine import make_engine
from gridtrack.errors import Conflict, Unavailable
from gridtrack.incidents.intake import Choice, ReporterGiven
from gridtrack.incidents.reporters import bound
from gridtrack.incidents.tables import Incident, Reporter
from gridtrack.sealing.ring import key_of
from gridtrack.usecases import seal_keys
from gridtrack.usecases.report import report_incident
from gridtrack.usecases.seal_keys import forget, key_uses, rotate
from tests.builders import Site, a_report

OPEN_SCHEMA = "0021_reminders"


def silent(_done: int, _total: int) -> None:
    pass


def names(site: Site) -> list[str]:
    with site.look() as work:
        rows = work.session.query(Reporter).order_by(Reporter.incident_id)
        return [
            work.keys.open(one.sealed_name, bound(one.incident_id, "name"))
            + work.keys.open(one.sealed_contact, bound(one.incident_id, "contact"))
            for one in rows
        ]


def under(site: Site) -> dict[str, int]:
    return {one.id: one.values for one in key_uses(site.runtime) if one.values}


def test_a_rotation_seals_everything_anew_and_keeps_the_old_key(site: Site) -> None:
    for number in range(3):
        site.report(reporter=ReporterGiven(f"林{number}", "13800000000"))
    site.report(reporter=ReporterGiven(choice=Choice.ANONYMOUS))
    old, told = site.runtime.keys.ring.current.id, names(site)
    seen: list[tuple[int, int]] = []
    assert rotate(site.runtime, lambda *far: seen.append(far)) == 3
    assert seen[-1] == (3, 3)
    assert under(site) == {site.runtime.keys.ring.current.id: 6}
    assert [key.id for key in site.runtime.keys.ring.keys][1:] == [old]
    assert names(site) == told


def test_an_interrupted_rotation_is_ended_later_and_nothing_is_lost(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal_keys, "BATCH", 2)
    for number in range(5):
        site.report(reporter=ReporterGiven(f"林{number}"))
    told = names(site)

    def stop(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(site.runtime, stop)
    assert sorted(under(site).values()) == [1, 4]
    assert names(site) == told
    site.report(reporter=ReporterGiven("后来"))  # somebody reports meanwhile
    made = site.runtime.keys.ring.current.id
    assert rotate(site.runtime, silent, go_on=True) == 1
    assert under(site) == {made: 6}
    assert names(site) == [*told, "后来"]


def test_an_old_key_goes_when_nothing_needs_it_and_not_a_moment_sooner(lite: Site) -> None:
    lite.report()
    old = lite.runtime.keys.ring.current.id
    lite.runtime.keys.change(lambda ring: ring.led_by(seal_keys.new_key("aes-256-gcm")))
    assert forget(lite.runtime) == []  # it still opens something
    rotate(lite.runtime, silent)
    with pytest.raises(Conflict, match="seal-keys-fresh"):
        forget(lite.runtime)
    lite.clock.advance(hours=1)
    assert old in forget(lite.runtime)
    assert names(lite) == ["林某13800000000"]


def test_a_lost_key_is_named_and_stops_nothing_but_the_reading(lite: Site) -> None:
    lite.report()
    lost = lite.runtime.keys.ring.current.id
    lite.runtime.keys.change(lambda ring: ring.led_by(seal_keys.new_key("sm4-gcm")))
    lite.runtime.keys.change(lambda ring: ring.without([lost]))
    assert [(one.id, one.here) for one in key_uses(lite.runtime)][-1] == (lost, False)
    with pytest.raises(Unavailable, match="seal-key-missing"):
        names(lite)
    with pytest.raises(Unavailable, match="seal-key-missing"):
        rotate(lite.runtime, silent, go_on=True)
    assert lite.report().created


def test_no_name_or_number_is_anywhere_in_the_database_file(lite: Site) -> None:
    lite.report(reporter=ReporterGiven("欧阳密封", "13912345678"))
    with lite.look() as work:
        kept = work.session.query(Reporter).one()
        assert key_of(kept.sealed_name) == lite.runtime.keys.ring.current.id
        dump = "\n".join(work.session.connection().connection.driver_connection.iterdump())
    assert "欧阳密封" not in dump
    assert "13912345678" not in dump


def test_the_migration_seals_what_is_there_and_opens_it_on_the_way_down(site: Site) -> None:
    client = "0b9d6c3e-8f54-4c1e-9a5e-2f2b7f1d0001"
    first = site.report(client_id=client)
    site.report(reporter=ReporterGiven(choice=Choice.ANONYMOUS))
    migrate.downgrade(site.runtime.engine, OPEN_SCHEMA)
    with site.runtime.engine.begin() as here:
        asked = text("SELECT name, contact FROM reporter ORDER BY incident_id")
        assert here.execute(asked).all() == [("林某", "13800000000"), ("", "")]
        here.execute(text("UPDATE incident SET content_digest = 'a bare hash'"))
    migrate.upgrade(site.runtime.engine)
    assert names(site) == ["林某13800000000", ""]
    with site.look() as work:
        assert {row.content_digest for row in work.session.query(Incident)} == {""}
    with site.work() as work:
        again = report_incident(work, a_report(client_id=client))
    assert (again.created, again.code) == (False, first.code)


def test_the_migration_does_not_run_without_keys_where_somebody_is_named(lite: Site) -> None:
    lite.report()
    bare = make_engine(lite.runtime.settings.url)
    with pytest.raises(RuntimeError, match="needs the keys"):
        migrate.downgrade(bare, OPEN_SCHEMA)
    bare.dispose()
    assert names(lite) == ["林某13800000000"]
