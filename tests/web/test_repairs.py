"""Repairs on offer, without scripts: shown with their effect, then done as shown."""

from tests.builders import Site
from tests.usecases.test_editions import edition
from tests.usecases.test_repair_edition import with_slit
from tests.web.visitor import a_visitor


def test_a_repair_is_shown_then_done(lite: Site) -> None:
    draft = with_slit(lite)
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}/repairs"
    assert f"{seen}?kind=close-gap" in visitor.page(seen)
    shown = visitor.page(f"{seen}?kind=close-gap")
    assert "A11" in shown
    assert "m²" in shown
    form = {"kind": "close-gap", "revision": "1"}
    answer = visitor.post(f"{seen}/do", form, seen=f"{seen}?kind=close-gap")
    assert answer.status_code == 303
    assert edition(lite, draft).state == "checked"
    assert "faults repaired" in visitor.page(f"/grids/{draft}")


def test_what_was_shown_before_a_change_is_not_done(lite: Site) -> None:
    draft = with_slit(lite)
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}/repairs"
    answer = visitor.post(f"{seen}/do", {"kind": "close-gap", "revision": "0"}, seen=seen)
    assert answer.status_code == 409
    assert visitor.get(f"{seen}?kind=magic").status_code == 422


def test_a_secretary_sees_what_a_repair_would_do(lite: Site) -> None:
    draft = with_slit(lite)
    visitor, seen = a_visitor(lite, "secretary-a"), f"/grids/{draft}/repairs"
    assert "Do it as shown" not in visitor.page(f"{seen}?kind=close-gap")
    form = {"kind": "close-gap", "revision": "1"}
    assert visitor.post(f"{seen}/do", form, seen=seen).status_code == 403
