"""What is printed, read back from the PDF: its size, fonts, words and codes."""

import io
import re
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from haitang.paper import (
    Both,
    BuildingLine,
    BuildingList,
    BuildingWords,
    Card,
    CardSheet,
    CardWords,
    DoorLine,
    DoorList,
    DoorLists,
    DoorWords,
    FontsMissing,
    Section,
    check_fonts,
    print_building_list,
    print_cards,
    print_door_lists,
    qr,
    typesetting,
)
from tests.paper.reading import decode, drawn_codes

A4 = (595.28, 841.89)  # points
PAYLOAD = "HT1:0123456789ABCDEFGHJKMNPQRST{:01d}"
PHONE = re.compile(r"1[3-9]\d{9}")
CARD_WORDS = CardWords(
    title=Both("户卡", "Household card"),
    building=Both("楼栋", "Building"),
    door=Both("门牌", "Door"),
    use=Both("凭卡求助", "Ask for help"),
    keep=Both("请收好", "Keep it"),
)
DOOR_WORDS = DoorWords(
    title="门户清单",
    door="门牌",
    count="人数",
    people="住户",
    flags="需要留意",
    heard="上次联系",
    ticks=("见面", "电话", "消息"),
    notes="备注",
    page="第 %(page)s 页，共 %(pages)s 页",
    made="陈惠忠 打印",
    care="用完交回社区",
)
BUILDING_WORDS = BuildingWords(
    title="楼栋清单",
    building="楼栋",
    steward="楼栋管家",
    backup="后备",
    households="户数",
    people="人数",
    alone="独居",
    notes="备注",
    total="合计",
    gap="没有管家",
    page="第 %(page)s 页，共 %(pages)s 页",
    made="陆岚 打印",
)


def card(n: int) -> Card:
    payload = f"HT1:{n:028d}"
    return Card(str(n // 59 + 1), f"1-{n % 59 + 101}", payload, tuple(re.findall("....", payload[4:])))


def sheet(number: int, **changed: object) -> CardSheet:
    held = CardSheet(
        place="海棠花园",
        address="haitang.example/card/",
        margin="海棠花园 2022-02-14",
        words=CARD_WORDS,
        cards=tuple(card(n) for n in range(number)),
    )
    return replace(held, **changed)  # type: ignore[arg-type]


def door_list(doors: int, building: str = "1 号楼") -> DoorList:
    lines = tuple(
        DoorLine(f"1-{n + 101}", "2", ("陶一宁", "欧阳小满"), ("独居", "慢性病"), "02-13 18:20", n % 2 == 1)
        for n in range(doors)
    )
    return DoorList("海棠花园", building, "管家 陈惠忠", "59 户", (Section("1 单元", lines),))


def building_list(**changed: object) -> BuildingList:
    lines = tuple(BuildingLine(str(n), "罗一牧", "许念", 590, 1420, 2, is_gap=n == 3) for n in range(1, 26))
    return replace(
        BuildingList("海棠花园", "25 栋", BUILDING_WORDS, lines),
        **changed,  # type: ignore[arg-type]
    )


def pages(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(pdf)).pages)


def words(page: PageObject) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


def fonts(page: PageObject) -> list[PageObject]:
    found = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    return [descendant.get_object() for font in found for descendant in font["/DescendantFonts"]]


PAPERS = {
    "cards": lambda: print_cards(sheet(9)),
    "doors": lambda: print_door_lists(DoorLists(DOOR_WORDS, (door_list(30), door_list(2)))),
    "buildings": lambda: print_building_list(building_list()),
}


@pytest.mark.parametrize("name", PAPERS)
class TestEveryPaper:
    def test_is_a4(self, name: str) -> None:
        for page in pages(PAPERS[name]()):
            assert [float(n) for n in page.mediabox[2:]] == pytest.approx(A4, abs=0.1)

    def test_carries_its_fonts_cut_down_to_what_it_shows(self, name: str) -> None:
        pdf = PAPERS[name]()
        assert len(pdf) < 200_000
        for page in pages(pdf):
            assert fonts(page)
            for font in fonts(page):
                assert re.fullmatch(r"/[A-Z]{6}\+NotoSansSC-(Regular|Bold)", font["/BaseFont"])
                assert "/FontFile2" in font["/FontDescriptor"]

    def test_gives_its_chinese_back(self, name: str) -> None:
        assert "海棠花园" in words(pages(PAPERS[name]())[0])

    def test_is_grey(self, name: str) -> None:
        for page in pages(PAPERS[name]()):
            painted = page.get_contents().get_data()  # type: ignore[union-attr]
            assert not re.search(rb"\b(rg|RG|k|K)\b", painted)
            spaces = page["/Resources"].get("/ColorSpace", {})
            assert {space.get_object()[1].get_object()["/N"] for space in spaces.values()} <= {1}


class TestCards:
    def test_stand_eight_a_page(self) -> None:
        assert [len(pages(print_cards(sheet(n)))) for n in (1, 8, 9)] == [1, 1, 2]

    def test_say_the_door_the_code_and_what_for_in_both_languages(self) -> None:
        shown = words(pages(print_cards(sheet(1)))[0])
        for part in (
            "海棠花园",
            "1-101",
            "0000",
            "凭卡求助",
            "Ask for help",
            "haitang.example/card/",
            "1 / 1",
        ):
            assert part in shown

    def test_are_drawn_as_the_code_is(self) -> None:
        given = sheet(9)
        drawn = [code for page in pages(print_cards(given)) for code in drawn_codes(page)]
        assert drawn == [qr.modules(card.payload) for card in given.cards]
        assert [decode(code) for code in drawn] == [card.payload for card in given.cards]

    def test_have_no_place_for_a_name_or_a_phone(self) -> None:
        assert {field.name for field in fields(Card)} == {"building", "door", "payload", "groups"}
        assert not PHONE.search(words(pages(print_cards(sheet(8)))[0]).replace(" ", ""))

    def test_bear_long_names_without_growing(self) -> None:
        long = replace(card(1), building="西一号综合楼甲座", door="三单元-地下室-1")
        pdf = print_cards(sheet(8, place="苏州工业园区金鸡湖畔海棠花园第三期", cards=(long,) * 8))
        assert len(pages(pdf)) == 1
        assert "西一号综合楼甲座" in words(pages(pdf)[0])

    @pytest.mark.parametrize("broken", [{"building": ""}, {"door": ""}, {"groups": ()}])
    def test_refuse_to_be_without_a_door_or_a_code(self, broken: dict[str, object]) -> None:
        with pytest.raises(ValueError, match="A card needs"):
            replace(card(1), **broken)  # type: ignore[arg-type]

    def test_refuse_an_empty_sheet(self) -> None:
        with pytest.raises(ValueError, match="no card"):
            sheet(0)


class TestQr:
    @pytest.mark.parametrize("text", ["", "lower", "A" * 36, "户"])
    def test_refuses_what_it_can_not_hold(self, text: str) -> None:
        with pytest.raises(ValueError, match="35 digits"):
            qr.modules(text)

    @pytest.mark.parametrize("text", ["A", "HT1:ABC", "Z9 $%*+-./:" * 3])
    def test_is_read_back_by_the_standard(self, text: str) -> None:
        assert decode(qr.modules(text)) == text


class TestDoorLists:
    def test_begin_a_page_each_and_count_their_own_pages(self) -> None:
        lists = (door_list(60, "1 号楼"), door_list(2, "2 号楼"))
        shown = [words(page) for page in pages(print_door_lists(DoorLists(DOOR_WORDS, lists)))]
        counted = [re.search(r"第 (\d) 页，共 (\d) 页", page).groups() for page in shown]  # type: ignore[union-attr]
        assert counted == [("1", "3"), ("2", "3"), ("3", "3"), ("1", "1")]
        assert ["1 号楼" in page for page in shown] == [True, True, True, False]
        assert "2 号楼" in shown[3]

    def test_head_every_page_and_name_every_door_and_person(self) -> None:
        found = pages(print_door_lists(DoorLists(DOOR_WORDS, (door_list(60),))))
        for page in found:
            for part in ("门牌", "需要留意", "见面", "管家 陈惠忠", "陈惠忠 打印", "用完交回社区"):
                assert part in words(page)
        shown = "".join(words(page) for page in found)
        assert all(f"1-{n + 101}" in shown for n in range(60))
        assert shown.count("欧阳小满") == 60 == shown.count("慢性病")

    def test_rows_are_high_enough_for_a_pen(self) -> None:
        (page,) = pages(print_door_lists(DoorLists(DOOR_WORDS, (door_list(10),))))
        heights: list[float] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: (
                heights.append(tm[5] * cm[3] + cm[5]) if text.strip().startswith("1-1") else None
            )
        )
        gaps = [abs(a - b) / 72 * 25.4 for a, b in pairwise(heights)]
        assert len(gaps) == 9
        assert min(gaps) == pytest.approx(9, abs=0.01)

    def test_refuse_to_be_empty(self) -> None:
        with pytest.raises(ValueError, match="no door list"):
            DoorLists(DOOR_WORDS, ())


class TestBuildingList:
    def test_adds_up_and_marks_the_gap(self) -> None:
        shown = words(pages(print_building_list(building_list()))[0])
        assert "14,750 35,500 50" in shown
        assert shown.count("没有管家") == 1

    def test_tells_of_those_living_alone_only_where_it_is_given(self) -> None:
        lines = tuple(replace(line, alone=None) for line in building_list().lines)
        assert "独居" in words(pages(print_building_list(building_list()))[0])
        assert "独居" not in words(pages(print_building_list(building_list(lines=lines)))[0])

    def test_refuses_to_be_empty(self) -> None:
        with pytest.raises(ValueError, match="no building"):
            building_list(lines=())


class TestFonts:
    def test_are_here(self) -> None:
        check_fonts()

    @pytest.mark.parametrize("held", [(), ("NotoSansSC_400Regular.ttf",)])
    def test_missing_says_what_to_do(
        self, held: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in held:
            (tmp_path / name).symlink_to(typesetting.FONTS / name)
        typesetting._fonts.cache_clear()
        monkeypatch.setattr(typesetting, "FONTS", tmp_path)
        with pytest.raises(FontsMissing, match="make build"):
            print_cards(sheet(1))
        monkeypatch.undo()
        check_fonts()

    def test_a_warning_of_the_compiler_is_no_paper(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "faulty.typ").write_text('#set text(font: "No Such Font")\n海棠')
        monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
        with pytest.raises(typesetting.Unprintable, match="unknown font"):
            typesetting.typeset("faulty.typ", {})

    def test_texts_are_no_code(self) -> None:
        nasty = '#panic("x") $ * _ @a <b> \\ `'
        shown = words(pages(print_cards(sheet(1, place=nasty)))[0])
        assert '#panic("x")' in shown

    def test_a_broken_template_is_a_fault(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "broken.typ").write_text("#(")
        monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
        with pytest.raises(typesetting.Unprintable, match=r"broken\.typ: unclosed delimiter"):
            typesetting.typeset("broken.typ", {})
