"""The forms of a name that lists are joined by, and how names, doors and phones compare."""

import pytest

from haitang.registry.joining.likeness import (
    compare_births,
    compare_doors,
    compare_names,
    compare_phones,
    fits,
)
from haitang.registry.joining.names import name_of, surname_of


class TestNormalForm:
    @pytest.mark.parametrize(
        ("written", "normal"),
        [
            ("張偉國", "张伟国"),
            ("王 芳", "王芳"),
            ("王\u3000芳", "王芳"),
            ("王芳（女儿）", "王芳"),
            ("王芳[母亲]", "王芳"),
            ("王芳女士", "王芳"),
            ("王芳阿姨", "王芳"),
            ("王先生", "王先生"),
            ("钱阿婆", "钱阿婆"),
            ("王某", "王*"),
            ("王×国", "王*国"),
            ("王○国", "王*国"),
            ("阿依古丽·买买提", "阿依古丽买买提"),
            ("Ｗang  Fang", "wangfang"),
            ("", ""),
            ("无12", "无"),
            ("***", ""),
        ],
    )
    def test_is_the_characters_alone(self, written: str, normal: str) -> None:
        assert name_of(written).normal == normal

    def test_keeps_a_name_that_ends_like_a_title(self) -> None:
        assert name_of("小姐").normal == "小姐"


class TestReadings:
    @pytest.mark.parametrize(
        ("name", "sounds"),
        [
            ("单雄信", {"shanxiongxin", "danxiongxin"}),
            ("曾文", {"zengwen", "cengwen"}),
            ("仇英", {"qiuying", "chouying"}),
            ("区小明", {"ouxiaoming", "quxiaoming"}),
            ("解晓东", {"xiexiaodong", "jiexiaodong"}),
            ("查良", {"zhaliang", "chaliang"}),
            ("盖文", {"gewen", "gaiwen"}),
            ("任文", {"renwen"}),
            ("尉迟恭", {"yuchigong"}),
            ("万俟雪", {"moqixue"}),
            ("万雪", {"wanxue"}),
            ("王乐", {"wangle", "wangyue"}),
            ("吕行", {"lvxing", "lvhang"}),
        ],
    )
    def test_are_those_of_a_name(self, name: str, sounds: set[str]) -> None:
        assert name_of(name).sounds == sounds

    def test_of_a_hidden_name_are_unknown(self) -> None:
        assert name_of("王*").sounds == frozenset()

    def test_know_a_surname_of_two_characters(self) -> None:
        assert surname_of("尉迟恭") == "尉迟"
        assert surname_of("王芳") == "王"
        assert surname_of("长孙") == "长"


class TestNames:
    @pytest.mark.parametrize(
        ("said", "known", "word"),
        [
            ("張偉國", "张伟国", "name_same"),
            ("王 雨婷", "王雨婷", "name_same"),
            ("王雨亭", "王雨婷", "name_sound"),
            ("肖文", "萧文", "name_sound"),
            ("善雄信", "单雄信", "name_sound"),
            ("Wang Yuting", "王雨婷", "name_sound"),
            ("Yuting WANG", "王雨婷", "name_sound"),
            ("章林", "臧玲", "name_blurred"),
            ("Wang Yutin", "王雨婷", "name_blurred"),
            ("王雨", "王雨婷", "name_missing"),
            ("王婷", "王雨婷", "name_missing"),
            ("雨婷", "王雨婷", "name_part"),
            ("王雨婷婷", "王雨婷", "name_extra"),
            ("王芳芳", "王芳", "name_extra"),
            ("王婷雨", "王雨婷", "name_swapped"),
            ("张雨婷", "王雨婷", "name_given"),
            ("王雨荷", "王雨婷", "name_char"),
            ("王英", "王芳", "name_surname"),
            ("李芳", "王芳", "name_other"),
            ("王建国", "王雨婷", "name_surname"),
            ("李建国", "王雨婷", "name_other"),
            ("王*婷", "王雨婷", "name_masked"),
            ("王**", "王雨婷", "name_masked"),
            ("王某", "王雨婷", "name_masked"),
            ("李*婷", "王雨婷", "name_other"),
            ("王*", "李芳", "name_other"),
            ("John Smith", "王雨婷", "name_other"),
            ("", "王雨婷", ""),
        ],
    )
    def test_compare(self, said: str, known: str, word: str) -> None:
        assert compare_names(name_of(said), name_of(known)) == word


class TestDoors:
    @pytest.mark.parametrize(
        ("said", "known", "word"),
        [
            (("8", "", "2706"), ("8", "3", "2706"), "door_same"),
            (("8", "3", "2706"), ("8", "3", "2706"), "door_same"),
            (("8", "2", "2706"), ("8", "3", "2706"), "door_near"),
            (("8", "", "2760"), ("8", "", "2706"), "door_near"),
            (("9", "", "2706"), ("8", "", "2706"), "door_near"),
            (("9", "", "2707"), ("8", "", "2706"), "door_other"),
            (("8", "", ""), ("8", "3", "2706"), "door_building"),
            (("9", "", ""), ("8", "3", "2706"), "door_other"),
            (("", "", "2706"), ("8", "3", "2706"), "door_room"),
            (("", "", "2707"), ("8", "3", "2706"), "door_other"),
            (("", "", ""), ("8", "3", "2706"), ""),
        ],
    )
    def test_compare(self, said: tuple[str, str, str], known: tuple[str, str, str], word: str) -> None:
        assert compare_doors(said, known) == word


class TestPhones:
    @pytest.mark.parametrize(
        ("said", "known", "word"),
        [
            (("+8613900000101",), ("+8613900000199", "+8613900000101"), "phone_same"),
            (("+86139****0101",), ("+8613900000101",), "phone_digits"),
            (("*******0101",), ("+8613900000101",), "phone_digits"),
            (("+86138****0101",), ("+8613900000101",), "phone_other"),
            (("+8613900000102",), ("+8613900000101",), "phone_near"),
            (("+8613900000110",), ("+8613900000101",), "phone_near"),
            (("+8613811112222",), ("+8613900000101",), "phone_other"),
            ((), ("+8613900000101",), ""),
            (("+8613900000101",), (), ""),
        ],
    )
    def test_compare(self, said: tuple[str, ...], known: tuple[str, ...], word: str) -> None:
        assert compare_phones(said, known) == word

    def test_hidden_digits_are_not_enough_alone(self) -> None:
        assert not fits("139****", "+8613900000101")
        assert not fits("********101", "+8613900000101")


def test_years_of_birth_one_apart_are_near() -> None:
    assert compare_births(1980, 1980) == "birth_same"
    assert compare_births(1981, 1980) == "birth_near"
    assert compare_births(1982, 1980) == "birth_other"
    assert compare_births(None, 1980) == compare_births(1980, None) == ""
