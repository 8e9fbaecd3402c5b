"""What holds for every page: words in both languages, bytes, headers, what a reader is told."""

import gzip
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import gridtrack
from gridtrack.i18n.catalogue import LOCALE_FOLDER
from gridtrack.i18n.sentences import TEXTS
from gridtrack.incidents.intake import Source
from gridtrack.incidents.rules import State
from gridtrack.web import stories
from gridtrack.web.assets import BUILT
from tests.builders import LAMP, Site
from tests.web.visitor import a_visitor

PACKAGE = Path(gridtrack.__file__).parent
METHODS = [("web/**.py", "python"), ("web/templates/**.html", "jinja2")]
OPTIONS = {"web/templates/**.html": {"newstyle_gettext": "true"}}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def said() -> set[str]:
    """Every English sentence that the pages ask gettext for."""
    found = extract_from_dir(PACKAGE, METHODS, OPTIONS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def in_chinese() -> dict[str, str]:
    with (LOCALE_FOLDER / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="zh")
    return {
        one.id if isinstance(one.id, str) else one.id[0]:
        one.string if isinstance(one.string, str) else one.string[0]
        for one in catalogue
        if one.id
    }  # fmt: skip


def test_every_sentence_of_the_pages_has_its_chinese() -> None:
    known = in_chinese()
    assert sorted(text for text in said() if not known.get(text)) == []


def test_the_catalogue_holds_nothing_that_no_page_says() -> None:
    assert sorted(set(in_chinese()) - said()) == []


def test_places_to_fill_are_the_same_in_both_languages() -> None:
    places = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    differ = [
        text
        for text, chinese in in_chinese().items()
        if set(places.findall(text)) != set(places.findall(chinese))
    ]
    assert differ == []


@pytest.mark.parametrize("kind", sorted(stories.LOOKS))
def test_every_kind_of_event_has_a_sentence(kind: str) -> None:
    assert f"event-{kind}" in TEXTS


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_words(state: State) -> None:
    assert {f"state-{state}", f"headline-{state}", f"explained-{state}"} <= set(TEXTS)


@pytest.mark.parametrize("source", list(Source))
def test_every_source_has_its_word(source: Source) -> None:
    assert f"source-{source}" in TEXTS


@pytest.mark.parametrize("address", ["/", "/track", "/login"])
def test_an_english_page_shows_no_chinese_but_the_way_to_it(lite: Site, address: str) -> None:
    page = a_visitor(lite, lang="en").page(address)
    left = CHINESE.findall(page.replace("中文", ""))
    assert left == []


def files_of(*sources: str) -> Iterable[Path]:
    """The built files that a page with these sources loads at first."""
    entries = json.loads((BUILT / "manifest.json").read_text())
    names, found = list(sources), set()
    while names:
        entry = entries[names.pop()]
        found |= {entry["file"], *entry.get("css", ())}
        names += entry.get("imports", ())
    return [BUILT / name for name in sorted(found)]


def gzipped(files: Iterable[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


@pytest.mark.parametrize(
    ("who", "address", "sources", "budget"),
    [
        (None, "/", ("src/public.ts", "src/report.ts"), 60_000),
        ("worker-a11", "/inbox", ("src/app.ts",), 120_000),
        ("secretary-a", "/board", ("src/app.ts", "src/map.ts"), 200_000),
    ],
)
def test_first_load_stays_within_its_bytes(
    lite: Site, who: str | None, address: str, sources: tuple[str, ...], budget: int
) -> None:
    lite.report(LAMP)
    page = a_visitor(lite, who).get(address, **{"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.data) + gzipped(files_of(*sources)) <= budget


def test_pages_ask_no_other_host_for_anything(lite: Site) -> None:
    page = a_visitor(lite, "secretary-a").page("/board")
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', page) == []


def test_no_page_has_scripts_or_styles_of_its_own(lite: Site) -> None:
    page = a_visitor(lite, "secretary-a").page("/board")
    scripts = re.findall(r"<script(?![^>]*src=)(?![^>]*application/json)[^>]*>", page)
    assert scripts + re.findall(r'\sstyle="|<style|\son\w+="', page) == []


def test_built_files_are_kept_for_a_year_and_travel_small(lite: Site) -> None:
    name = next(file.name for file in files_of("src/app.ts") if file.name.startswith("app"))
    answer = a_visitor(lite).get(f"/static/dist/assets/{name}", **{"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    with gzip.open(io.BytesIO(answer.data)) as file:
        assert file.read() == (BUILT / "assets" / name).read_bytes()


def test_a_missing_page_says_what_to_do_next(lite: Site) -> None:
    answer = a_visitor(lite).get("/no-such-page")
    assert answer.status_code == 404
    assert "To the first page" in answer.text


@pytest.mark.parametrize("who", ["worker-a11", "secretary-a", "desk", "checker-a", "property-e1"])
def test_every_way_in_the_navigation_leads_somewhere(lite: Site, who: str) -> None:
    visitor = a_visitor(lite, who)
    page = visitor.page("/notices")
    ways = set(re.findall(r'<a href="(/[^"]*)"', page.split("</header>")[0]))
    assert {way: visitor.get(way).status_code for way in ways if "language" not in way} == {
        way: 200 for way in ways if "language" not in way
    }
