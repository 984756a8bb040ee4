"""People and rights, through the door: see them, invite a person, give a right, end it."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from haitang.accounts import services
from haitang.accounts.models import Grant, Role, User
from tests.neighbourhood import Neighbourhood, acting, sign_in

PASSWORD = "five crabapples in bloom"


@pytest.fixture
def desk(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.community_desk)


def invitation(neighbourhood: Neighbourhood, **changes: str) -> dict[str, str]:
    given = {"username": "tan.yu", "name": "谭雨", "unit": "区图书馆", "role": Role.LEAD}
    return {**given, "area": str(neighbourhood.garden.pk), **changes}


class TestSeeingRights:
    def test_shows_those_in_reach_and_no_others(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        text = desk.get("/rights/").content.decode()
        assert neighbourhood.lead.username in text
        assert neighbourhood.stranger.username not in text
        assert neighbourhood.town_desk.name not in text

    def test_can_be_narrowed_to_a_place(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        text = desk.get(f"/rights/?area={neighbourhood.buildings[0].pk}").content.decode()
        assert neighbourhood.steward.username in text
        assert neighbourhood.lead.username not in text

    @pytest.mark.parametrize("asked", ["elsewhere", "town"])
    def test_knows_no_place_out_of_reach(
        self, neighbourhood: Neighbourhood, desk: Client, asked: str
    ) -> None:
        assert desk.get(f"/rights/?area={getattr(neighbourhood, asked).pk}").status_code == 404
        assert desk.get("/rights/?area=nowhere").status_code == 404

    def test_does_not_exist_for_a_lead(self, neighbourhood: Neighbourhood) -> None:
        assert sign_in(neighbourhood.lead).get("/rights/").status_code == 404

    def test_offers_only_roles_that_this_desk_may_give(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        text = desk.get("/rights/").content.decode()
        assert '<option value="lead">' in text
        assert '<option value="community_desk">' not in text
        above = sign_in(neighbourhood.town_desk).get("/rights/").content.decode()
        assert '<option value="community_desk">' in above


class TestInviting:
    def test_shows_a_link_once_that_lets_the_person_in(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        answer = desk.post("/rights/invite", invitation(neighbourhood))
        text = answer.content.decode()
        found = re.search(r'data-copy="http://localhost:8000/sign-in/invited/#([\w-]+)"', text)
        assert found
        assert "no-store" in answer["Cache-Control"]
        assert found[1] not in desk.get("/rights/").content.decode()
        user = services.accept_invitation(found[1], password=PASSWORD, now=timezone.now())
        assert [(g.role, g.area) for g in user.grants.all()] == [(Role.LEAD, neighbourhood.garden)]

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("username", "lead", "Somebody signs in with this name already."),
            ("username", "Tan Yu", "Two to forty small letters"),
            ("username", "tan\0yu", "Two to forty small letters"),
            ("name", "", "Please fill this in."),
            ("name", "谭\0雨", "A character in here can&#x27;t be stored."),
            ("name", "谭" * 61, "Too long: at most 60 characters."),
            ("unit", "图书馆\0", "A character in here can&#x27;t be stored."),
            ("unit", "馆" * 121, "Too long: at most 120 characters."),
            ("role", "", "Choose one."),
            ("role", "steward", "This role is not given on an area of this level."),
        ],
    )
    def test_marks_the_field_that_is_wrong(
        self, neighbourhood: Neighbourhood, desk: Client, field: str, value: str, words: str
    ) -> None:
        answer = desk.post("/rights/invite", invitation(neighbourhood, **{field: value}))
        text = answer.content.decode()
        assert answer.status_code == 422
        problem = re.search(rf'name="{field}"(?:(?!</div>).)*field-problem[^>]*>([^<]*)', text, re.DOTALL)
        assert problem
        assert words in problem[1]
        assert value in html.unescape(text)
        assert not User.objects.filter(username="tan.yu").exists()

    def test_keeps_what_was_typed(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        text = desk.post("/rights/invite", invitation(neighbourhood, username="lead")).content.decode()
        assert 'value="谭雨"' in text
        assert '<option value="lead" selected>' in text

    @pytest.mark.parametrize(
        ("area", "role"),
        [("elsewhere", Role.LEAD), ("town", Role.AUDITOR), ("community", Role.COMMUNITY_DESK)],
    )
    def test_gives_nothing_beyond_the_desk(
        self, neighbourhood: Neighbourhood, desk: Client, area: str, role: Role
    ) -> None:
        place = getattr(neighbourhood, area)
        answer = desk.post("/rights/invite", invitation(neighbourhood, area=str(place.pk), role=role))
        assert answer.status_code == 404
        assert not User.objects.filter(username="tan.yu").exists()

    def test_makes_a_new_link_for_who_lost_theirs(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        first = desk.post("/rights/invite", invitation(neighbourhood)).content.decode()
        second = desk.post("/rights/link", {"username": "tan.yu"}).content.decode()
        tokens = [re.search(r"invited/#([\w-]+)", text)[1] for text in (first, second)]
        assert tokens[0] != tokens[1]
        assert services.accept_invitation(tokens[1], password=PASSWORD, now=timezone.now())

    @pytest.mark.parametrize("name", ["", "tan\0yu", "x" * 9000])
    def test_makes_no_link_for_what_is_no_name(self, desk: Client, name: str) -> None:
        answer = desk.post("/rights/link", {"username": name})
        assert answer.status_code == 422
        assert "Nobody signs in with this name." in answer.content.decode()

    def test_makes_no_link_for_a_higher_desk(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        answer = desk.post("/rights/link", {"username": neighbourhood.town_desk.username})
        assert answer.status_code == 422
        assert "invited/#" not in answer.content.decode()


class TestGivingARight:
    def given(self, neighbourhood: Neighbourhood, **changes: str) -> dict[str, str]:
        base = {"username": "volunteer", "role": Role.LEAD, "area": str(neighbourhood.sibling.pk)}
        return {**base, "until": "", **changes}

    def test_gives_it_until_the_end_of_a_day(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        day = timezone.localdate() + timedelta(days=3)
        answer = desk.post("/rights/give", self.given(neighbourhood, until=day.isoformat()))
        assert answer.status_code == 302
        grant = Grant.objects.get(user=neighbourhood.volunteer, role=Role.LEAD)
        assert grant.until
        assert timezone.localtime(grant.until).date() == day

    def test_refuses_a_day_that_is_over(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        day = timezone.localdate() - timedelta(days=1)
        answer = desk.post("/rights/give", self.given(neighbourhood, until=day.isoformat()))
        assert answer.status_code == 422
        assert "Choose a day that is still to come." in answer.content.decode()

    def test_refuses_a_name_that_nobody_has(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        answer = desk.post("/rights/give", self.given(neighbourhood, username="nobody"))
        assert answer.status_code == 422
        assert "Invite them instead." in answer.content.decode()

    @pytest.mark.parametrize(
        ("name", "words"), [("volun\0teer", "be stored."), ("x" * 151, "Too long: at most 150 characters.")]
    )
    def test_refuses_what_is_no_name(
        self, neighbourhood: Neighbourhood, desk: Client, name: str, words: str
    ) -> None:
        answer = desk.post("/rights/give", self.given(neighbourhood, username=name))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{name}"' in answer.content.decode()

    def test_refuses_to_give_oneself_a_right(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        answer = desk.post("/rights/give", self.given(neighbourhood, username="community_desk"))
        assert answer.status_code == 422
        assert not Grant.objects.filter(user=neighbourhood.community_desk, role=Role.LEAD).exists()


class TestEndingARight:
    def grant(self, neighbourhood: Neighbourhood, who: str) -> Grant:
        return Grant.objects.get(user=neighbourhood.people[who])

    def test_ends_it_at_once(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        grant = self.grant(neighbourhood, "lead")
        assert desk.post(f"/grants/{grant.pk}/end").status_code == 302
        assert acting(neighbourhood.lead).rights == ()

    @pytest.mark.parametrize("who", ["stranger", "town_desk", "colleague"])
    def test_does_not_reach_other_desks(self, neighbourhood: Neighbourhood, desk: Client, who: str) -> None:
        grant = self.grant(neighbourhood, who)
        assert desk.post(f"/grants/{grant.pk}/end").status_code == 404
        assert acting(neighbourhood.people[who]).rights

    def test_offers_no_button_for_what_a_team_brought(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        grant = self.grant(neighbourhood, "steward")
        assert f"/grants/{grant.pk}/end" in desk.get("/rights/").content.decode()
        Grant.objects.filter(pk=grant.pk).update(cause="team:1")
        text = desk.get("/rights/").content.decode()
        assert f"/grants/{grant.pk}/end" not in text
        assert "while the team stands" in text

    def test_refuses_what_a_team_brought_without_a_button_too(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        grant = self.grant(neighbourhood, "steward")
        Grant.objects.filter(pk=grant.pk).update(cause="team:1")
        answer = desk.post(f"/grants/{grant.pk}/end")
        assert answer.status_code == 409
        assert "A team brought this right" in answer.content.decode()
        assert acting(neighbourhood.steward).rights
