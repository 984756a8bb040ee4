"""Ledger pages, through the door: choose, check, mend the columns, import, drop."""

import re
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client

from haitang.registry.ledger.sheets import MAX_BYTES
from haitang.registry.models import Area, LedgerImport, Person
from tests.neighbourhood import GARDEN_PEOPLE, HEADINGS, Neighbourhood, resident, residents, sign_in
from tests.registry.ledger_files import xlsx_file

ONE_NEW = f"{HEADINGS},身份证号\n3,301,何年,13900000888,20,男,,,110101199001011237\n3,,何月,,20,女,,,\n"


def upload(client: Client, compound: Area, content: bytes | str, *, name: str = "ledger.csv") -> HttpResponse:
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return client.post("/ledger/new", {"compound": str(compound.pk), "file": file})


def page_of(client: Client, compound: Area, content: str) -> str:
    """The address of the preview of an uploaded file."""
    address: str = upload(client, compound, content)["Location"]
    return address


@pytest.fixture
def desk(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.community_desk)


class TestChoosingAFile:
    def test_offers_the_compounds_in_reach_and_no_other(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        text = desk.get("/ledger/").content.decode()
        assert neighbourhood.garden.name in text
        assert neighbourhood.elsewhere.name not in text

    def test_leads_to_the_preview(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        answer = upload(desk, neighbourhood.garden, ONE_NEW)
        assert answer.status_code == 302
        assert desk.get(answer["Location"]).status_code == 200

    def test_says_on_the_same_page_what_is_wrong_with_a_picture(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        answer = upload(desk, neighbourhood.garden, b"\x89PNG\r\n\x00\x00", name="photo.png")
        assert answer.status_code == 422
        assert "“photo.png” is not a table" in answer.content.decode()
        assert f'value="{neighbourhood.garden.pk}" selected' in answer.content.decode()

    def test_says_how_big_a_file_may_be(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        answer = upload(desk, neighbourhood.garden, b"1," * (MAX_BYTES // 2 + 1))
        assert answer.status_code == 422
        assert "the most is 20 MB" in answer.content.decode()

    @pytest.mark.parametrize("name", ["empty.csv", ""])
    def test_asks_for_a_file_that_says_something(
        self, neighbourhood: Neighbourhood, desk: Client, name: str
    ) -> None:
        answer = upload(desk, neighbourhood.garden, b"", name=name)
        assert answer.status_code == 422
        assert 'class="field-problem"' in answer.content.decode()

    def test_asks_for_a_compound(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        answer = desk.post("/ledger/new", {"compound": "", "file": BytesIO(b"a,b")})
        assert answer.status_code == 422
        assert "Choose a compound." in answer.content.decode()

    def test_knows_no_compound_of_another_desk(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        assert upload(desk, neighbourhood.elsewhere, ONE_NEW).status_code == 404
        assert not LedgerImport.objects.filter(compound=neighbourhood.elsewhere, state="previewed").exists()


class TestCheckingAFile:
    def test_says_what_importing_would_do(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        text = desk.get(page_of(desk, neighbourhood.garden, ONE_NEW)).content.decode()
        assert "Import 1 person" in text
        assert "of 1 in the file" in text
        assert "1 of 1 shown" in text
        assert "A floor alone is not a door." in text

    def test_names_a_dropped_column_with_its_reason_and_never_a_value(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        text = desk.get(page_of(desk, neighbourhood.garden, ONE_NEW)).content.decode()
        assert "身份证号" in text
        assert "Identity numbers are never kept." in text
        for secret in ("110101199001011237", "13900000888", "何年"):
            assert secret not in text

    def test_reads_again_with_other_columns(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, "楼栋,房号,姓名,联络号\n3,301,何年,13900000888\n")
        answer = desk.post(f"{page}columns", {"column-3": "phone", "column-x": "name"})
        assert answer["Location"] == page
        text = desk.get(page).content.decode()
        assert '<option value="phone" selected>' in text
        desk.post(f"{page}apply")
        assert resident("何年").phones == ("+8613900000888",)

    def test_refuses_a_field_that_does_not_exist(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, ONE_NEW)
        assert desk.post(f"{page}columns", {"column-3": "salary"}).status_code == 422

    def test_offers_no_import_of_a_file_that_changes_nothing(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        text = desk.get(page_of(desk, neighbourhood.garden, GARDEN_PEOPLE)).content.decode()
        assert "importing the file would change nothing" in text
        assert "The very same file was imported" in text
        assert "/apply" not in text

    def test_shows_the_first_rows_masked_and_who_is_named_at_two_doors(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        text = "楼栋,房号,姓名,电话,性别\n3,301,何小年,13900000888,女\n3,302,何小年,13900000888,女\n"
        shown = desk.get(page_of(desk, neighbourhood.garden, text)).content.decode()
        for words in ("How the first rows were read", "何**", "139****0888", "Named at two doors", "(row 3)"):
            assert words in shown
        for secret in ("何小年", "13900000888"):
            assert secret not in shown

    def test_names_hidden_sheets(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        book = xlsx_file([HEADINGS.split(","), ["3", "301", "何年"]], hidden=["旧底册"])
        page = upload(desk, neighbourhood.garden, book, name="a.xlsx")["Location"]
        assert "Hidden sheets were not read: 旧底册." in desk.get(page).content.decode()


class TestAnsweringQuestions:
    TEXT = "楼栋,房号,姓名,是否户主\n3,301,何年,0\n3,302,何月,1\n"

    def test_asks_with_the_counts_and_reads_again(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, self.TEXT)
        before = desk.get(page).content.decode()
        assert "1 column waits for an answer" in before
        assert 'name="code-D:0"' in before
        answer = desk.post(f"{page}answers", {"code-D:0": "yes", "code-D:1": "no", "column-3": "phone"})
        assert answer["Location"] == page
        after = desk.get(page).content.decode()
        assert "all answered" in after
        assert '<option value="yes" selected>' in after
        desk.post(f"{page}apply")
        assert resident("何年").relation == "户主"

    @pytest.mark.parametrize("sent", [{"code-D:0": "maybe"}, {"code-D:7": "yes"}, {"code-A:3": "yes"}])
    def test_refuses_what_was_not_asked(
        self, neighbourhood: Neighbourhood, desk: Client, sent: dict[str, str]
    ) -> None:
        page = page_of(desk, neighbourhood.garden, self.TEXT)
        assert desk.post(f"{page}answers", sent).status_code == 422
        assert "1 column waits for an answer" in desk.get(page).content.decode()

    def test_does_not_exist_for_a_desk_elsewhere(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, self.TEXT)
        assert sign_in(neighbourhood.stranger).post(f"{page}answers", {"code-D:0": "yes"}).status_code == 404

    def test_asks_nothing_where_the_words_say_it(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        text = desk.get(page_of(desk, neighbourhood.garden, ONE_NEW)).content.decode()
        assert 'id="questions"' not in text


class TestTheListOfErrors:
    def test_shows_the_first_200_and_gives_all(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        rows = "".join(f"3,,何{chr(0x4E00 + n)},,,,,\n" for n in range(230))
        page = page_of(desk, neighbourhood.garden, f"{HEADINGS}\n{rows}3,301,何年,,,,,\n")
        assert "200 of 230 shown" in desk.get(page).content.decode()
        answer = desk.get(f"{page}errors.csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert len(answer.content.decode("utf-8-sig").splitlines()) == 231

    def test_holds_no_formula(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        text = '楼栋,房号,"=HYPERLINK(1)姓名",姓名\n3,301,何年,\n3,,何月,何日\n'
        page = page_of(desk, neighbourhood.garden, text)
        lines = desk.get(f"{page}errors.csv").content.decode("utf-8-sig").splitlines()
        cells = [cell for line in lines for cell in line.split(",")]
        assert not [cell for cell in cells if re.match(r'"?[=+@-]', cell)]


class TestImportingAFile:
    def test_shows_what_was_done_and_where(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, ONE_NEW)
        assert desk.post(f"{page}apply")["Location"] == page
        text = desk.get(page).content.decode()
        assert f"/compounds/{neighbourhood.garden.pk}/" in text
        assert "of 12 in the compound now" in text
        assert residents("何年")

    def test_changes_nothing_the_second_time(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        for _time in range(2):
            page = page_of(desk, neighbourhood.garden, ONE_NEW)
            desk.post(f"{page}apply")
            assert Person.objects.filter(compound=neighbourhood.garden).count() == 12

    def test_refuses_what_was_imported_already(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, ONE_NEW)
        desk.post(f"{page}apply")
        assert desk.post(f"{page}apply").status_code == 409
        assert desk.get(f"{page}errors.csv").status_code == 409

    def test_drops_a_file(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, ONE_NEW)
        assert desk.post(f"{page}drop")["Location"] == "/ledger/"
        assert "This file was dropped" in desk.get(page).content.decode()
        assert not residents("何年")

    def test_does_not_exist_for_a_desk_elsewhere(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        page = page_of(desk, neighbourhood.garden, ONE_NEW)
        stranger = sign_in(neighbourhood.stranger)
        assert stranger.get(page).status_code == 404
        assert stranger.get(f"{page}errors.csv").status_code == 404
        assert stranger.post(f"{page}apply").status_code == 404
        assert not residents("何年")

    def test_does_not_exist_for_a_lead(self, neighbourhood: Neighbourhood) -> None:
        assert sign_in(neighbourhood.lead).get("/ledger/").status_code == 404
