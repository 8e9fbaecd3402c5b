"""The demo's place: its files, its door plates, and the people who hold its posts."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy import select

import gridtrack
from gridtrack.access import Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import hash_password
from gridtrack.accounts.store import NewPost
from gridtrack.addresses.columns import Meaning, guessed
from gridtrack.addresses.store import ADDRESS
from gridtrack.errors import Unavailable
from gridtrack.geo.layers import read_layer
from gridtrack.grids import store as grids
from gridtrack.grids.check import Rule
from gridtrack.grids.files import GridFiles
from gridtrack.grids.rules import Grid
from gridtrack.sheets.sheet import open_sheet
from gridtrack.simulation.staff import Member, Plan, add, make_staff
from gridtrack.simulation.texts import Names
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.import_doors import OpenWork, import_doors
from gridtrack.usecases.import_grids import NewEdition, import_grids, read_and_check
from gridtrack.work import Work

FILES = ("grids.geojson", "estates.geojson", "addresses.csv", "roads.geojson")
VISITOR_GRID = "城东社区第六网格"  # the sources' own: its gridworker reported the funeral
LOGINS = (
    "gridworker", "deputy", "leader", "secretary", "street", "desk", "property", "courier",
    "checker", "admin", "security", "audit",
)  # fmt: skip
PASSWORD = "wangge-demo"  # noqa: S105 - printed at every start of a demo that holds no real data


@dataclass(frozen=True, slots=True)
class Plate:
    """A door plate (门牌): its text, where it is in WGS-84, and the base grid it lies in."""

    address: str
    road: str
    estate: str
    lon: float
    lat: float
    grid: str
    id: int | None = None  # in the book


@dataclass(frozen=True, slots=True)
class Login:
    """A person a visitor may be."""

    login: str
    name: str
    role: Role
    place: str  # the grid or estate in words, "" for the whole place


@dataclass(frozen=True, slots=True)
class Town:
    """The place as it was set up."""

    plates: tuple[Plate, ...]
    workers: Mapping[str, int]  # the gridworker of a base grid, by its code
    desks: tuple[int, ...]
    couriers: tuple[int, ...]
    visitor_id: int
    visitor_grid: str


def folder() -> Path:
    """Where the demo's files are: inside the installed package, else beside it in the source tree.

    Raises Unavailable where they are in neither place.
    """
    package = Path(gridtrack.__file__).parent
    for found in (package / "_data", package.parent / "data"):
        if all((found / name).exists() for name in FILES):
            return found
    raise Unavailable("demo-data-missing", value=", ".join(FILES))


def plates() -> tuple[Plate, ...]:
    """Every door plate of the place."""
    with (folder() / "addresses.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Plate(
                row["address"],
                row["road"],
                row["estate"],
                float(row["lon"]),
                float(row["lat"]),
                row["grid_code"],
            )
            for row in csv.DictReader(stream)
        )


def draw_place(work: Work, from_at: datetime) -> int:
    """Import grids and estates as anybody would, in force from `from_at`; returns the edition."""
    source = folder()
    checked = read_and_check(GridFiles({0: source / "grids.geojson"}), Rule())
    edition = import_grids(work, checked, NewEdition("映溪街道", note="demo"))
    activate_edition(work, edition.id, from_at)
    rows = [
        {
            "kind": "estate",
            "code": one.properties["code"],
            "name": one.properties["name"],
            "manager": one.properties["manager"],
            "shape": one.shape,
            "from_at": from_at,
            "until_at": None,
        }
        for one in read_layer(source / "estates.geojson").features
    ]
    grids.add_zones(work.session, rows)
    return edition.id


def bring_book(open_work: OpenWork) -> None:
    """Bring the door-plate book in as anybody would."""
    with open_sheet(folder() / "addresses.csv") as sheet:
        import_doors(open_work, sheet, Meaning(guessed(sheet.header), "wgs84"), write=True)


def fill_posts(
    work: Work, edition_id: int, between: tuple[datetime, datetime], seed: int
) -> list[Member]:
    """Fill every post of the place; those whom a visitor may be have logins by role."""
    found = grids.grids_of(work.session, edition_id)
    visitor = next(grid for grid in found if grid.name == VISITOR_GRID)
    begin, end = between
    names, logins = Names.of("zh"), _logins(visitor)
    plan = Plan(begin, end, names, seed, hash_password(PASSWORD), "yx", logins)
    staff = make_staff(work, edition_id, plan)
    return staff + _others(work, plan, {zone["code"] for zone in _estates()})


def load(work: Work) -> Town:
    """The place with its people as the database has them now."""
    holders = accounts.below(work.session, "", work.now)
    visitor = accounts.by_login(work.session, LOGINS[0])
    assert visitor is not None
    workers = {
        one.scope.rsplit("/", 1)[-1]: one.person_id
        for one in holders
        if one.role == Role.GRIDWORKER and not one.deputy and one.present
    }
    return Town(
        plates=_in_the_book(work, plates()),
        workers=workers,
        desks=tuple(sorted(one.person_id for one in holders if one.role == Role.DESK)),
        couriers=tuple(sorted(one.person_id for one in holders if one.role == Role.VOLUNTEER)),
        visitor_id=visitor.id,
        visitor_grid=next(code for code, who in workers.items() if who == visitor.id),
    )


def logins(work: Work) -> list[Login]:
    """The people a visitor may be, in the order in which one would try them."""
    edition = grids.edition_at(work.session, work.now)
    names = dict(grids.names(work.session, work.memo, edition.id)) if edition else {}
    names |= {zone["code"]: zone["name"] for zone in _estates()}
    found = []
    for login in LOGINS:
        person = accounts.by_login(work.session, login)
        actor = person and accounts.actor(work.session, person.id, work.now)
        if person is None or not actor or not actor.holdings:
            continue  # somebody closed it meanwhile: it is their demo
        post = actor.holdings[0]
        place = names.get(post.zone or post.scope.rsplit("/", 1)[-1], "")
        found.append(Login(login, person.name, post.role, place))
    return found


def _in_the_book(work: Work, found: Sequence[Plate]) -> tuple[Plate, ...]:
    """The plates with their ids, where the book still has them."""
    ids = {row.text: row.id for row in work.session.execute(select(ADDRESS.c.id, ADDRESS.c.text))}
    return tuple(replace(one, id=ids.get(one.address)) for one in found)


def _estates() -> Sequence[Mapping[str, str]]:
    features = read_layer(folder() / "estates.geojson").features
    return [{name: str(value) for name, value in one.properties.items()} for one in features]


def _logins(visitor: Grid) -> dict[tuple[Role, str, bool], str]:
    """The posts around the visitor's grid that are shown at the start of the demo."""
    community, area = visitor.path.split("/")[0], visitor.path.rsplit("/", 1)[0]
    return {
        (Role.GRIDWORKER, visitor.path, False): "gridworker",
        (Role.GRIDWORKER, visitor.path, True): "deputy",
        (Role.LEADER, area, False): "leader",
        (Role.SECRETARY, community, False): "secretary",
        (Role.STREET, "", False): "street",
        (Role.DESK, "", False): "desk",
    }


def _others(work: Work, plan: Plan, estates: set[str]) -> list[Member]:
    """Property managers, couriers, checker and the three administrators."""
    names = plan.names.people(Random(f"{plan.seed}/others"))  # noqa: S311 - a play
    posts = [
        *(
            ("property" if n == 0 else f"{plan.prefix}p{n:02d}", NewPost(Role.PROPERTY, zone=code))
            for n, code in enumerate(sorted(estates))
        ),
        ("courier", NewPost(Role.VOLUNTEER)),
        (f"{plan.prefix}c2", NewPost(Role.VOLUNTEER)),
        ("checker", NewPost(Role.CHECKER)),
        ("admin", NewPost(Role.SYSTEM)),
        ("security", NewPost(Role.SECURITY)),
        ("audit", NewPost(Role.AUDIT)),
    ]
    return [add(work, plan, (login, next(names)), post) for login, post in posts]
