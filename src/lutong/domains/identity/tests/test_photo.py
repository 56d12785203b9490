"""The registry's photo: kept when it is one, refused when it is not, and never a reason to refuse anybody anything."""

import dataclasses

import pytest

from lutong.domains.identity import actions, queries
from lutong.domains.identity.models import LicencePhoto
from lutong.domains.identity.tests.conftest import ZHOU_LAN, Bureau
from lutong.gateways.registry.port import Licence
from lutong.gateways.registry.tests.peer import PHOTOS
from lutong.kernel import clock
from lutong.kernel.actor import Actor


def licence(photo_url: str) -> Licence:
    """周岚's licence, with her photo at this address."""
    return dataclasses.replace(actions.registry().look_up_person(number=ZHOU_LAN), photo_url=photo_url)


def keep(person: Actor, photo_url: str) -> str:
    actions.keep_photo(lawyer_id=person.person_id, licence=licence(photo_url), now=clock.now())
    return queries.get_photo(lawyer_id=person.person_id)


def test_a_photo_is_kept_once_and_goes_when_the_registry_has_none(lawyer: Actor, bureau: Bureau) -> None:
    assert keep(lawyer, f"{bureau.address}/photos/face.png").startswith("data:image/png;base64,iVBOR")
    first = LicencePhoto.objects.get(lawyer_id=lawyer.person_id)
    assert bytes(first.image) == PHOTOS["face"]
    assert keep(lawyer, f"{bureau.address}/photos/face.png")
    assert LicencePhoto.objects.get().fetched_at == first.fetched_at  # not asked for again
    assert keep(lawyer, f"{bureau.address}/photos/other.png")
    assert LicencePhoto.objects.get().digest != first.digest
    assert keep(lawyer, "") == ""


@pytest.mark.parametrize("name", ["large", "page", "empty", "moved"])
def test_what_is_too_large_or_no_picture_or_elsewhere_is_not_kept(lawyer: Actor, bureau: Bureau, name: str) -> None:
    assert keep(lawyer, f"{bureau.address}/photos/{name}.png") == ""
    assert not LicencePhoto.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/photos/face.png", "file:///etc/passwd", "//photos", "http://[", "x" * 400,
     "http://user@{host}/photos/face.png", "https://{host}/photos/face.png"],
)  # fmt: skip
def test_nothing_but_the_origin_of_the_registry_is_asked(lawyer: Actor, bureau: Bureau, address: str) -> None:
    assert keep(lawyer, address.replace("{host}", bureau.address.removeprefix("http://"))) == ""
    assert not LicencePhoto.objects.exists()


def test_while_the_registry_is_silent_there_is_no_photo_and_no_error(lawyer: Actor, bureau: Bureau) -> None:
    known = licence(f"{bureau.address}/photos/face.png")
    bureau.misbehave("down")
    actions.keep_photo(lawyer_id=lawyer.person_id, licence=known, now=clock.now())
    assert queries.get_photo(lawyer_id=lawyer.person_id) == ""
    assert actions.fetch_photo(licence=known) == b""
