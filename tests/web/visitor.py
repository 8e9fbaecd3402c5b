"""A person at a browser without scripts: pages, forms, cookies, nothing else."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from gridtrack.accounts.rules import hash_password
from gridtrack.accounts.tables import Person
from gridtrack.app import create_app
from tests.builders import Site

PASSWORD = "a-long-password"
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def an_app(site: Site) -> Flask:
    """The application over a site, without rate limits."""
    return create_app(site.runtime.settings, site.clock, site.runtime, limited=False)


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def let_in(site: Site, who: str) -> None:
    """Give a person of the site the password of the tests."""
    with site.work() as work:
        person = work.session.get(Person, site.people[who])
        assert person is not None
        person.password_hash = _hash()


@dataclass(slots=True)
class Visitor:
    """One browser session; `lang` is the language its pages come in."""

    client: Any
    lang: str = "en"

    def get(self, address: str, **headers: str) -> TestResponse:
        self.client.set_cookie("lang", self.lang)
        return self.client.get(address, headers=headers, buffered=True)

    def page(self, address: str) -> str:
        answer = self.get(address)
        assert answer.status_code == 200, answer.status
        return answer.text

    def post(
        self, address: str, form: Mapping[str, Any], *, seen: str = "/track", **headers: str
    ) -> TestResponse:
        """Send a form from the page `seen`, which gives the token."""
        found = _TOKEN.search(self.get(seen).text)
        assert found is not None
        data = {"csrf_token": found.group(1), **form}
        return self.client.post(
            address, data=data, content_type="multipart/form-data", headers=headers, buffered=True
        )


def a_visitor(site: Site, who: str | None = None, lang: str = "en") -> Visitor:
    """A resident, or a person of the site who has logged in."""
    visitor = Visitor(an_app(site).test_client(), lang)
    if who is not None:
        let_in(site, who)
        answer = visitor.post("/login", {"login": who, "password": PASSWORD}, seen="/login")
        assert answer.status_code == 303, answer.status
    return visitor


def a_photo(name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    """A small picture as a browser sends it."""
    data = io.BytesIO()
    Image.new("RGB", (200, 150), (40, 90, 160)).save(data, "JPEG")
    data.seek(0)
    return data, name
