"""The steward's way from door to door: who is still to be reached comes first, one thumb notes it and takes it back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.relief import rules, services
from haitang.relief.models import Contact
from tests.neighbourhood import Neighbourhood, acting, household, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.steward)


def doors(client: Client, n: Neighbourhood) -> str:
    return client.get(f"/buildings/{n.buildings[0].pk}/?show=contact").content.decode()


class TestTheDoorList:
    def test_begins_with_who_is_still_to_be_reached(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        n = neighbourhood
        door = household(n.buildings[0], "102")
        assert "4 households not heard from" in doors(steward, n)
        answer = steward.post(f"/households/{door.pk}/heard", {"source": "visit", "from": "list"})
        assert answer["Location"] == f"/buildings/{n.buildings[0].pk}/?show=contact#doors"
        shown = doors(steward, n)
        assert "3 households not heard from" in shown
        assert "1 household heard from" in shown
        assert shown.index("1 household heard from") < shown.index(f"door-{door.pk}")

    def test_is_plain_for_who_reads_no_households(self, neighbourhood: Neighbourhood) -> None:
        shown = doors(sign_in(neighbourhood.town_desk), neighbourhood)
        assert "Door list" in shown
        assert "not heard from</h2>" not in shown and "/heard" not in shown


class TestTakingBack:
    def test_undoes_it_and_leaves_both_rows_in_the_journal(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        door = household(neighbourhood.buildings[0], "102")
        steward.post(f"/households/{door.pk}/heard", {"source": "visit"})
        contact = Contact.objects.get(household=door)
        assert f"/contacts/{contact.pk}/take-back" in steward.get(f"/households/{door.pk}/").content.decode()
        assert steward.post(f"/contacts/{contact.pk}/take-back").status_code == 302
        assert not Contact.objects.exists()
        acts = JournalEntry.objects.filter(kind="contact").order_by("id").values_list("act", flat=True)
        assert list(acts) == ["contact.record", "contact.take_back"]

    def test_is_for_whoever_noted_it_and_for_ten_minutes(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        door = household(n.buildings[0], "102")
        noted = services.record_contact(door.pk, source="call", by=acting(n.steward), now=now)
        with pytest.raises(rules.TooLate):
            services.take_back_contact(noted.pk, by=acting(n.community_desk), now=now)
        with pytest.raises(rules.TooLate):
            services.take_back_contact(noted.pk, by=acting(n.steward), now=now + timedelta(minutes=11))
        with pytest.raises(NotHere):
            services.take_back_contact(noted.pk, by=acting(n.stranger), now=now)
        assert Contact.objects.filter(pk=noted.pk).exists()


def test_a_phone_number_is_a_button_that_calls(neighbourhood: Neighbourhood, steward: Client) -> None:
    door = household(neighbourhood.buildings[0], "102")
    shown = steward.get(f"/households/{door.pk}/").content.decode()
    assert 'href="tel:+8613900000102"' in shown
    assert "Call 139 0000 0102" in shown
