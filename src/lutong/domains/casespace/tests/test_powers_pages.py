"""变更、补充授权 through the pages: the lawyer's form, the desk's decision, what the other side reads."""

from typing import Any

from lutong.domains.cases import queries
from lutong.domains.cases.tests import world
from lutong.domains.casespace.tests.conftest import Browser
from lutong.domains.casespace.tests.test_representation_pages import put, text


def path(case: Any, tail: str = "") -> str:
    return f"/cases/{case.court_id}/{case.id}/powers/{tail}"


def form(case: Any, *powers: str, **changes: Any) -> dict[str, Any]:
    mandate = put(world.ZHOU, f"powers:{case.id.hex}", "mandate")
    return {"powers": "special", "special_powers": list(powers), "mandate": mandate, "note": "补充", **changes}


def waiting(case: Any) -> Any:
    (change,) = queries.list_changes(actor=world.staff(), court_id=case.court_id)
    return change


def test_a_wider_mandate_goes_to_the_court_and_comes_into_force(browser: Browser) -> None:
    case = world.open_case()
    counsel, recorder = browser(world.lawyer(world.ZHOU)), browser(world.staff(world.RECORDER))
    assert "缺少“进行和解”的特别授权" in text(counsel.get(path(case, "?want=settle")))
    assert counsel.post(path(case), form(case, "settle")).status_code == 302
    assert "等待法院核实" in text(counsel.get(path(case)))
    change = waiting(case)
    assert case.number in text(recorder.get("/desk/representations/"))
    assert "授权委托书（变更）" in text(recorder.get(f"/desk/representations/changes/{change.id}/"))
    assert "核实变更授权" in text(recorder.get(f"/desk/cases/{case.id}/people/"))
    assert recorder.post(f"/desk/representations/changes/{change.id}/confirm/").status_code == 302
    assert "特别授权：进行和解" in text(counsel.get(path(case)))
    assert recorder.post(f"/desk/representations/changes/{change.id}/confirm/").status_code == 409


def test_a_refusal_needs_a_reason_and_the_lawyer_reads_it(browser: Browser) -> None:
    case = world.open_case()
    counsel, recorder = browser(world.lawyer(world.ZHOU)), browser(world.staff(world.RECORDER))
    counsel.post(path(case), form(case, "settle"))
    act = f"/desk/representations/changes/{waiting(case).id}/refuse/"
    assert recorder.post(act, {"reason": "缺"}).status_code == 422
    assert recorder.post(act, {"reason": "委托人没有签名"}).status_code == 302
    assert "委托人没有签名" in text(counsel.get(path(case)))


def test_a_form_that_does_not_fit_keeps_what_was_typed(browser: Browser) -> None:
    case = world.open_case()
    refused = browser(world.lawyer(world.ZHOU)).post(path(case), form(case, note="委托人补签"))
    assert refused.status_code == 422
    assert 'value="委托人补签"' in text(refused)
    assert "mandate.pdf" in text(refused)


def test_strangers_and_the_other_side_find_nothing_of_it(browser: Browser) -> None:
    case = world.open_case()
    counsel, stranger = browser(world.lawyer(world.ZHOU)), browser(world.lawyer(world.GU))
    counsel.post(path(case), form(case, "settle"))
    change = waiting(case)
    assert stranger.get(path(case)).status_code == 404
    assert stranger.post(path(case), form(case, "appeal")).status_code == 404
    assert stranger.post(path(case, "ticket")).status_code == 404
    assert stranger.post(path(case, f"{change.id}/withdraw/")).status_code == 404
    assert stranger.get(f"/desk/representations/changes/{change.id}/").status_code == 404
    elsewhere = browser(world.staff(world.RECORDER, "沪0115"))
    assert elsewhere.get(f"/desk/representations/changes/{change.id}/").status_code == 404
    assert counsel.post(path(case, f"{change.id}/withdraw/")).status_code == 302
