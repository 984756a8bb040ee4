"""Pages that answer htmx with a fragment from their own address: what a browser may keep of either."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.neighbourhood import Neighbourhood, sign_in

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}


def varies_on(answer: HttpResponse) -> set[str]:
    return {name.strip() for name in answer["Vary"].split(",")}


class TestWhatABrowserMayKeep:
    @pytest.mark.parametrize("headers", [{}, FRAGMENT])
    def test_a_page_and_its_fragment_are_told_apart(
        self, neighbourhood: Neighbourhood, headers: dict[str, str]
    ) -> None:
        client = sign_in(neighbourhood.community_desk)
        refused = f"/compounds/{neighbourhood.elsewhere.pk}/"
        for address in ("/overview/", f"/compounds/{neighbourhood.garden.pk}/", refused):
            assert "HX-Request" in varies_on(client.get(address, headers=headers)), address

    def test_a_page_is_not_kept_for_after_signing_out(self, neighbourhood: Neighbourhood) -> None:
        client = sign_in(neighbourhood.community_desk)
        for address in ("/overview/", "/", f"/compounds/{neighbourhood.garden.pk}/"):
            assert "no-store" in client.get(address)["Cache-Control"], address

    def test_a_fragment_is_kept_and_asked_about_again(self, neighbourhood: Neighbourhood) -> None:
        answer = sign_in(neighbourhood.community_desk).get("/overview/", headers=FRAGMENT)
        assert answer["Cache-Control"] == "private, no-cache" and answer["ETag"]

    def test_the_maps_zones_are_kept_and_asked_about_again(self, neighbourhood: Neighbourhood) -> None:
        client = sign_in(neighbourhood.community_desk)
        first = client.get("/map/zones.json")
        again = client.get("/map/zones.json", headers={"If-None-Match": first["ETag"]})
        assert first["Cache-Control"] == "private, no-cache" and again.status_code == 304


class TestAPollThatMayNotGoOn:
    def test_is_sent_to_the_sign_in_page_when_signed_out(self, neighbourhood: Neighbourhood) -> None:
        for address in ("/overview/", f"/compounds/{neighbourhood.garden.pk}/"):
            answer = Client().get(address, headers=FRAGMENT)
            assert answer["HX-Redirect"] == f"/sign-in/?next={address}"
            assert answer.status_code == 200 and answer.content == b"" and "Location" not in answer

    def test_is_sent_to_the_second_factor_that_is_owed(self, neighbourhood: Neighbourhood) -> None:
        client = sign_in(neighbourhood.city_desk, second_factor=False)
        assert client.get("/overview/")["Location"] == "/sign-in/mine/"
        answer = client.get("/overview/", headers=FRAGMENT)
        assert answer["HX-Redirect"] == "/sign-in/mine/" and answer.content == b""
