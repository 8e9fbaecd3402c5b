"""A street with its API, and clients that carry a token."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from gridtrack.access import Permission
from gridtrack.app import create_app
from gridtrack.usecases.tokens import PERSONAL, NewToken, issue_token
from tests.builders import LAMP, Site, middle

P = Permission
EVERYTHING = frozenset(Permission) - {P.ENGINE}
AsWhom = Callable[..., FlaskClient]


def a_token(site: Site, who: str, *may: Permission) -> str:
    """A token of somebody on this street, for all they may do unless told otherwise."""
    wanted = NewToken(
        site.people[who], "a test", may or EVERYTHING, site.clock.now() + timedelta(days=30)
    )
    with site.work(who if set(wanted.permissions) & PERSONAL else "engine") as work:
        return issue_token(work, wanted).secret


def a_body(category: str = LAMP, **given: Any) -> dict[str, Any]:
    """A report as a machine sends it, in the middle of leaf A11 unless told otherwise."""
    lon, lat = given.pop("at", middle("A11"))
    body = {
        "client_id": str(uuid.uuid4()),
        "category": category,
        "location": {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 8.0},
        "description": "楼下的路灯坏了",
        "occurred_at": "2026-11-20T01:59:00Z",
        "source": "hotline",
    }
    return {**body, **given}


@pytest.fixture
def as_whom(lite: Site) -> AsWhom:
    """Clients by login; `as_whom(None)` knocks without a token."""
    app = create_app(lite.runtime.settings, lite.clock, lite.runtime, limited=False)

    def client(who: str | None = "street", *may: Permission) -> FlaskClient:
        made = app.test_client()
        if who is not None:
            made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {a_token(lite, who, *may)}"
        made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return made

    return client


@pytest.fixture
def api(as_whom: AsWhom) -> FlaskClient:
    """A client of somebody at the street office."""
    return as_whom("street")
