"""The numbers in the navigation."""

from lutong.domains.cases.tests import world
from lutong.domains.casespace.tests.conftest import Browser


def test_staff_see_how_many_claims_wait_and_lawyers_what_is_theirs(browser: Browser) -> None:
    case = world.open_case()
    world.claim(case)
    assert browser(world.staff(world.RECORDER)).get("/counts/").json()["desk-representations"] == 1
    assert browser(world.lawyer(world.ZHOU)).get("/counts/").json() == {"service": 0, "calendar": 0}


def test_the_navigation_has_a_place_for_each_number(browser: Browser) -> None:
    page = str(browser(world.lawyer(world.ZHOU)).get("/").content.decode())
    assert 'data-count="service"' in page
    assert 'data-count="calendar"' in page
