"""Streets on the computer's clock, as processes of their own have it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gridtrack.clock import SystemClock
from tests.builders import Site, a_site


def a_street(url: str, tmp_path: Path) -> Site:
    """A street on the computer's clock, as its workers have it."""
    site = a_site(url, tmp_path / "instance", SystemClock().now())
    site.runtime = replace(site.runtime, clock=SystemClock())
    return site


@pytest.fixture
def street(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """A street on the computer's clock, on each of the two databases.

    Its connections are closed even where the test fails: left to the garbage collector they would
    be a warning, and so the failure of whatever test is running then.
    """
    site = a_street(database_url, tmp_path)
    yield site
    site.runtime.engine.dispose()


@pytest.fixture
def elephant(postgres_url: str, tmp_path: Path) -> Iterator[Site]:
    """A street on the computer's clock, on PostgreSQL only."""
    site = a_street(postgres_url, tmp_path)
    yield site
    site.runtime.engine.dispose()
