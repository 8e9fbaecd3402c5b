"""Me too: open matters near by are offered and joined; what is sealed or personal never is."""

import uuid

import pytest

from gridtrack.access import RESIDENT
from gridtrack.errors import Conflict, NotFound
from gridtrack.incidents.intake import Place
from gridtrack.queries.near import near
from gridtrack.queries.track import track
from gridtrack.usecases.follow import Followed, Wanted, follow
from tests.builders import DISPUTE, FUNERAL, LAMP, PARKING, Site, middle

STREET_LAMP, WISH = "0602", "0803"
METRE = 1e-5  # of latitude, about


def beside(metres: float) -> Place:
    lon, lat = middle("A11")
    return Place(lon, lat + metres * METRE * 0.9, "wgs84")


def offered(site: Site, category: str = LAMP, metres: float = 20) -> list[int]:
    with site.look(RESIDENT) as work:
        return [one.incident_id for one in near(work, beside(metres), category, "zh")]


def joined(site: Site, incident_id: int, client_id: str = "") -> Followed:
    wanted = Wanted(incident_id, client_id or str(uuid.uuid4()), beside(20), LAMP)
    with site.work(RESIDENT) as work:
        return follow(work, wanted)


def test_an_open_matter_near_by_is_offered_with_its_distance_and_state(site: Site) -> None:
    receipt = site.report(LAMP)
    with site.look(RESIDENT) as work:
        (found,) = near(work, beside(43), STREET_LAMP, "zh")  # lamps are lamps
    assert (found.incident_id, found.metres, found.state, found.followers) == (
        receipt.incident_id, 45, "assigned", 0,
    )  # fmt: skip
    assert offered(site, LAMP, metres=120) == []
    assert offered(site, "0603") == []


def test_the_nearest_come_first_and_no_more_than_the_terms_say(site: Site) -> None:
    for metres in (60, 10, 40, 30):
        site.report(LAMP, at=(beside(metres).lon, beside(metres).lat))
    assert offered(site, metres=0) == [2, 4, 3]


@pytest.mark.parametrize("category", [FUNERAL, DISPUTE, WISH, PARKING])
def test_what_is_sealed_or_personal_is_never_offered(lite: Site, category: str) -> None:
    lite.report(category)
    assert offered(lite, category) == []


def test_what_is_over_or_long_ago_is_not_offered(lite: Site) -> None:
    receipt = lite.report(LAMP)
    lite.clock.advance(days=31)
    assert offered(lite) == []
    with pytest.raises(Conflict):
        joined(lite, receipt.incident_id)


def test_a_follower_gets_the_number_and_a_code_of_their_own(site: Site) -> None:
    receipt = site.report(LAMP)
    found = joined(site, receipt.incident_id)
    assert found.number == receipt.number
    assert found.code != receipt.code
    with site.look(RESIDENT) as work:
        assert track(work, found.number, found.code, "zh").follower
        assert not track(work, found.number, receipt.code, "zh").follower


def test_me_too_is_a_line_of_the_record_with_the_count(site: Site) -> None:
    receipt = site.report(LAMP)
    joined(site, receipt.incident_id)
    joined(site, receipt.incident_id)
    counts = [e.data["count"] for e in site.events(receipt.incident_id) if e.kind == "followed"]
    assert counts == [1, 2]
    assert site.sums_up(receipt.incident_id)


def test_me_too_sent_twice_is_one_follower(site: Site) -> None:
    receipt, client_id = site.report(LAMP), str(uuid.uuid4())
    first, again = (joined(site, receipt.incident_id, client_id) for _ in range(2))
    assert (first.code, first.count) == (again.code, again.count)
    assert site.kinds(receipt.incident_id).count("followed") == 1


def test_only_what_is_offered_there_can_be_joined(lite: Site) -> None:
    sealed = lite.report(FUNERAL)
    far = lite.report(LAMP, at=middle("A12"))
    for one in (sealed, far):
        with pytest.raises(Conflict):
            joined(lite, one.incident_id)


def test_a_follower_reads_no_words_of_those_who_work_on_it(lite: Site) -> None:
    receipt = lite.report(LAMP)
    found = joined(lite, receipt.incident_id)
    with lite.look(RESIDENT) as work:
        page = track(work, found.number, found.code, "zh")
        assert [one.words for one in page.progress if one.words] == []
        with pytest.raises(NotFound):
            track(work, found.number, "", "zh")
