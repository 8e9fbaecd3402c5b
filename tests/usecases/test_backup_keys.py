"""The keys that seal reporters and a backup: what does not fit is refused before anything moves."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gridtrack.backups.keys import write_keys
from gridtrack.errors import Invalid
from gridtrack.incidents.reporters import bound
from gridtrack.incidents.tables import Reporter
from gridtrack.settings import Settings
from gridtrack.usecases.back_up import back_up
from gridtrack.usecases.restore import Wish, restore
from gridtrack.usecases.seal_keys import forget, rotate
from gridtrack.work import Runtime, make_runtime
from tests.builders import Site


def silent(*_far: Any) -> None:
    pass


def folder_of(site: Site) -> Path:
    return site.runtime.settings.instance.parent


def backed_up(site: Site) -> Path:
    return back_up(site.runtime, folder_of(site) / "store", photos=False, tell=silent).path


def keys_of(site: Site) -> Path:
    path = folder_of(site) / "keys.json"
    write_keys(path, site.runtime.secret, site.runtime.keys.ring)
    return path


@contextmanager
def restored(site: Site, backup: Path, **wish: Any) -> Iterator[Runtime]:
    settings = Settings(instance=folder_of(site) / "elsewhere")
    restore(settings, site.clock, backup, Wish(**wish), silent)
    runtime = make_runtime(settings, site.clock)
    yield runtime
    runtime.engine.dispose()


def contact(runtime: Runtime) -> str:
    with runtime.look() as work:
        one = work.session.query(Reporter).one()
        return work.keys.open(one.sealed_contact, bound(one.incident_id, "contact"))


def test_reporters_without_their_key_are_not_restored_by_accident(lite: Site) -> None:
    lite.report()
    backup, told = backed_up(lite), json.loads(keys_of(lite).read_text())
    keys = folder_of(lite) / "other.json"
    keys.write_text(json.dumps({**told, "sealing": None}))
    with pytest.raises(Invalid, match="seal-keys-bad"), restored(lite, backup, keys=keys):
        pass
    del told["sealing"]
    keys.write_text(json.dumps({**told, "format": "gridtrack-keys-1"}))
    lost = f"backup-seal-keys-missing.*{lite.runtime.keys.ring.current.id}"
    with pytest.raises(Invalid, match=lost), restored(lite, backup, keys=keys):
        pass
    assert not (folder_of(lite) / "elsewhere").exists()


def test_keys_of_before_and_after_a_rotation_both_come_along(lite: Site) -> None:
    lite.report()
    early, keys = backed_up(lite), keys_of(lite)
    rotate(lite.runtime, silent)
    keys_of(lite)  # the newer key joins the older one in the file
    lite.clock.advance(hours=2)
    assert len(forget(lite.runtime)) == 1
    late = backed_up(lite)
    for backup in (early, late):
        with restored(lite, backup, keys=keys, replace=True) as again:
            assert contact(again) == "13800000000"
