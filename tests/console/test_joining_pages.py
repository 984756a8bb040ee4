"""Pages of joined lists, through the door: choose a list, look through it, finish, see who would be missed."""

import re
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client

from haitang.console.comparing import marked, nearest
from haitang.registry import queries, services
from haitang.registry.ledger.sheets import MAX_BYTES
from haitang.registry.models import Area, JoinedList, LedgerImport
from tests.neighbourhood import OPERATOR, Neighbourhood, sign_in
from tests.registry.test_joined_lists import (
    HELPERS,
    NAME_ONLY,
    NOW,
    OTHER,
    PHONE_ONLY,
    decide,
    join,
    lose,
    person,
)


def upload(
    client: Client, compound: Area, content: bytes | str, *, kind: str = "helpers", name: str = "list.csv"
) -> HttpResponse:
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return client.post("/ledger/lists/new", {"compound": str(compound.pk), "kind": kind, "file": file})


def text(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def desk(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.community_desk)


@pytest.fixture
def given(neighbourhood: Neighbourhood) -> JoinedList:
    return join(neighbourhood)


def page_of(given: JoinedList) -> str:
    return f"/ledger/lists/{given.pk}/"


class TestChoosingAList:
    def test_offers_compounds_in_reach_and_every_kind(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        shown = text(desk.get("/ledger/lists/"))
        assert neighbourhood.garden.name in shown
        assert neighbourhood.elsewhere.name not in shown
        for words in ("Vaccination list", "Helpers", "A unit's people".replace("'", "&#x27;"), "lives alone"):
            assert words in shown

    def test_is_a_click_away_from_the_ledger(self, desk: Client) -> None:
        assert 'href="/ledger/lists/"' in desk.get("/ledger/").content.decode()

    def test_leads_to_the_list(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        answer = upload(desk, neighbourhood.garden, HELPERS)
        assert answer.status_code == 302
        shown = text(desk.get(answer["Location"]))
        assert "Matched by itself 2 of 7 rows" in shown
        assert "To look at 3 of 3 that aren" in shown
        assert "In no ledger 2 of 7 rows" in shown

    def test_takes_what_holds_for_everyone(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        upload(desk, neighbourhood.garden, HELPERS, kind="special_care:disabled")
        given = JoinedList.objects.get()
        assert (given.kind, given.mark) == ("special_care", "disabled")

    @pytest.mark.parametrize(
        ("content", "kind", "name", "words"),
        [
            (b"\x89PNG\r\n\x00", "helpers", "photo.png", "“photo.png” is not a table"),
            (HELPERS.encode(), "", "a.csv", "Say what kind of list it is."),
            (HELPERS.encode(), "debtors", "a.csv", "Say what kind of list it is."),
            (HELPERS.encode(), "helpers:disabled", "a.csv", "Say what kind of list it is."),
            ("楼栋,房号\n1,101\n".encode(), "helpers", "a.csv", "No column gives the name."),
            ("姓名,所在小区\n李青,望湖台\n".encode(), "helpers", "a.csv", "Nobody of this compound"),
            (b"1," * (MAX_BYTES // 2 + 1), "helpers", "a.csv", "the most is 20 MB"),
            (b"", "helpers", "", 'class="field-problem"'),
        ],
    )
    def test_says_on_the_same_page_what_is_wrong(
        self, neighbourhood: Neighbourhood, desk: Client, content: bytes, kind: str, name: str, words: str
    ) -> None:
        answer = upload(desk, neighbourhood.garden, content, kind=kind, name=name)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{neighbourhood.garden.pk}" selected' in answer.content.decode()
        assert not JoinedList.objects.exists()

    def test_knows_no_compound_of_another_desk(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        assert upload(desk, neighbourhood.elsewhere, HELPERS).status_code == 404
        assert not JoinedList.objects.exists()


class TestTheList:
    def test_names_those_who_would_be_missed_by_door(self, desk: Client, given: JoinedList) -> None:
        shown = text(desk.get(page_of(given)))
        assert "3-101 顾新来 139 0000 0999 6" in shown
        assert "no door given 顾远来" in shown
        assert "Add 1 person to the ledger" in shown

    def test_says_what_was_left_out(self, desk: Client, given: JoinedList) -> None:
        shown = text(desk.get(page_of(given)))
        assert "1 row names a neighbouring compound" in shown
        assert "Columns that were not read: F 重点类别" in shown
        assert "This row names nobody and gives no phone." in shown

    def test_leads_to_the_first_row_to_look_at(self, desk: Client, given: JoinedList) -> None:
        first = queries.standing_of(given).undecided[0]
        assert f'{page_of(given)}rows/{first}/"' in desk.get(page_of(given)).content.decode()

    def test_of_a_vaccination_list_names_doors_and_nobody(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        given = join(neighbourhood, kind="vaccination")
        shown = text(desk.get(page_of(given)))
        assert "Not in the list 9 of 11 in the ledger" in shown
        assert "101 1 of 2" in shown
        assert "许念" not in shown
        assert "/finish" not in desk.get(page_of(given)).content.decode()

    def test_of_a_unit_names_who_lives_here(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        given = join(neighbourhood, "姓名,电话\n陶一宁,13900000101\n顾新来,13900000999\n", kind="unit")
        shown = text(desk.get(page_of(given)))
        assert "Live elsewhere 1 of 2 rows" in shown
        assert "陶一宁 1-101 registered helper 2" in shown
        assert "顾新来" not in shown

    def test_does_not_exist_for_a_desk_elsewhere(
        self, neighbourhood: Neighbourhood, given: JoinedList
    ) -> None:
        stranger = sign_in(neighbourhood.stranger)
        for address in (page_of(given), f"{page_of(given)}rows/{NAME_ONLY}/"):
            assert stranger.get(address).status_code == 404
        assert sign_in(neighbourhood.lead).get("/ledger/lists/").status_code == 404


class TestLookingThroughIt:
    def test_shows_both_sides_and_why(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        given = join(neighbourhood, "楼栋,房号,姓名,电话\n3,211,冯雨,13900000109\n")
        answer = desk.get(f"{page_of(given)}rows/2/")
        shown = text(answer)
        assert "Is this the same person?" in shown
        assert "1 of 1" in shown
        for words in ("same name", "door differs by one slip", "phone differs by one slip"):
            assert words in shown
        assert "3-2<mark>1</mark>1" in answer.content.decode()
        assert "139 0000 010<mark>8</mark>" in answer.content.decode()

    def test_leads_on_after_each_answer_and_says_when_it_is_done(
        self, desk: Client, given: JoinedList
    ) -> None:
        order = queries.standing_of(given).to_review
        address = page_of(given)
        for place, row in enumerate(order):
            answer = desk.post(f"{address}rows/{row}/decide", {"nobody": "1"})
            last = place == len(order) - 1
            assert answer["Location"] == (address if last else f"{address}rows/{order[place + 1]}/")
        assert "Every row has been looked at." in text(desk.get(address))

    def test_takes_the_person(self, desk: Client, given: JoinedList) -> None:
        who = person("沈一鸣").id
        desk.post(f"{page_of(given)}rows/{NAME_ONLY}/decide", {"person": str(who)})
        assert queries.standing_of(JoinedList.objects.get()).people[NAME_ONLY] == who
        assert "Decided: the person marked below." in text(desk.get(f"{page_of(given)}rows/{NAME_ONLY}/"))

    @pytest.mark.parametrize("body", [{}, {"person": "x"}, {"person": ""}, {"nobody": ""}])
    def test_takes_nothing_for_granted(self, desk: Client, given: JoinedList, body: dict[str, str]) -> None:
        answer = desk.post(f"{page_of(given)}rows/{NAME_ONLY}/decide", body)
        assert answer.status_code == 404
        assert queries.standing_of(JoinedList.objects.get()).decisions == {}

    def test_takes_no_two_answers_at_once(self, desk: Client, given: JoinedList) -> None:
        body = {"person": str(person("沈一鸣").id), "nobody": "1"}
        assert desk.post(f"{page_of(given)}rows/{NAME_ONLY}/decide", body).status_code == 404

    def test_keeps_what_was_decided_when_an_answer_is_refused(
        self, neighbourhood: Neighbourhood, desk: Client, given: JoinedList
    ) -> None:
        decide(neighbourhood, given, OTHER, None)
        stray = {"person": str(person("许念").id)}
        assert desk.post(f"{page_of(given)}rows/{NAME_ONLY}/decide", stray).status_code == 409
        assert queries.standing_of(JoinedList.objects.get()).decisions == {OTHER: None}

    def test_says_when_another_row_took_the_person(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        text_of_list = "楼栋,房号,姓名,出生年份\n1,101,陶一宁,1985\n1,101,陶一宁,1960\n"
        given = join(neighbourhood, text_of_list)
        assert "Row 2 (陶一宁) means the first of these already." in text(
            desk.get(f"{page_of(given)}rows/3/")
        )

    def test_skips_to_the_next_without_deciding(self, desk: Client, given: JoinedList) -> None:
        first, second, _third = queries.standing_of(given).to_review
        shown = desk.get(f"{page_of(given)}rows/{first}/").content.decode()
        assert f'href="{page_of(given)}rows/{second}/">Skip' in shown

    def test_says_when_nobody_shown_is_in_the_ledger_any_more(self, desk: Client, given: JoinedList) -> None:
        lose("冯雨")
        assert "Nobody of these is in the ledger any more" in text(desk.get(f"{page_of(given)}rows/{OTHER}/"))


class TestEnding:
    def test_writes_and_says_so(self, desk: Client, given: JoinedList) -> None:
        desk.post(f"{page_of(given)}rows/{NAME_ONLY}/decide", {"person": str(person("沈一鸣").id)})
        assert "Finish without the 2 left" in text(desk.get(page_of(given)))
        assert desk.post(f"{page_of(given)}finish")["Location"] == page_of(given)
        assert "Written into the ledger of 海棠花园: 3 people changed." in text(desk.get(page_of(given)))
        assert "心理疏导" in person("沈一鸣").skills
        assert desk.post(f"{page_of(given)}finish").status_code == 409

    def test_adds_those_in_no_ledger_by_way_of_the_preview(self, desk: Client, given: JoinedList) -> None:
        answer = desk.post(f"{page_of(given)}add")
        added = LedgerImport.objects.get(state="previewed")
        assert answer["Location"] == f"/ledger/{added.pk}/"
        assert "Import 1 person" in text(desk.get(answer["Location"]))
        desk.post(f"/ledger/{added.pk}/apply")
        assert desk.post(f"{page_of(given)}again")["Location"] == page_of(given)
        assert "Matched by itself 3 of 7 rows" in text(desk.get(page_of(given)))

    def test_forgets(self, desk: Client, given: JoinedList) -> None:
        assert desk.post(f"{page_of(given)}forget")["Location"] == "/ledger/lists/"
        shown = text(desk.get(page_of(given)))
        assert "顾新来" not in shown
        assert "2 of 7 rows" in shown
        assert desk.get(f"{page_of(given)}rows/{NAME_ONLY}/").status_code == 410

    def test_is_told_in_the_list_of_lists(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        services.finish_list(join(neighbourhood).pk, by=OPERATOR, now=NOW)
        services.forget_list(join(neighbourhood).pk, by=OPERATOR, now=NOW)
        join(neighbourhood)
        shown = text(desk.get("/ledger/lists/"))
        assert "2 people changed" in shown
        assert "forgotten" in shown
        assert "3 rows to look at" in shown
        assert "顾新来" not in shown


class TestDifferences:
    @pytest.mark.parametrize(
        ("said", "known", "left", "right"),
        [
            ("王雨亭", "王雨婷", [("王雨", False), ("亭", True)], [("王雨", False), ("婷", True)]),
            ("張偉", "张伟", [("張偉", False)], [("张伟", False)]),
            ("王雨", "王雨婷", [("王雨", False)], [("王雨", False), ("婷", True)]),
            ("", "王雨婷", [("–", False)], [("王雨婷", False)]),
        ],
    )
    def test_are_marked_on_both_sides(
        self, said: str, known: str, left: list[tuple[str, bool]], right: list[tuple[str, bool]]
    ) -> None:
        one, other = marked(said, known)
        assert [(piece.text, piece.differs) for piece in one] == left
        assert [(piece.text, piece.differs) for piece in other] == right

    def test_are_those_to_the_number_that_is_most_alike(self) -> None:
        assert nearest(["+8613900000102"], ["+8613811112222", "+8613900000103"]) == (
            "+8613900000102",
            "+8613900000103",
        )
        assert nearest([], ["+8613811112222"]) == ("", "+8613811112222")


def test_a_row_with_a_phone_alone_shows_its_owner(desk: Client, given: JoinedList) -> None:
    shown = text(desk.get(f"{page_of(given)}rows/{PHONE_ONLY}/"))
    assert "冯雨" in shown
    assert "same phone" in shown
