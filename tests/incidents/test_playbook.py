"""Playbooks: the shipped ones are complete, and a faulty one is refused with its file and key."""

from pathlib import Path

import pytest

from haitang.incidents.playbooks import NOTICES, PATTERNS, PlaybookInvalid, load, playbook

SMALL = """
slug = "storm"
version = 1
hazard = "storm"
title = { zh = "台风", en = "Storm" }
review_hours_max = 24
legal_bases = [{ zh = "《突发事件应对法》", en = "Emergency Response Law" }]
silence = [{ flags = [], hours = 12 }, { flags = ["homebound"], hours = 4 }]
[[levels]]
slug = "indoors"
pattern = "sealed"
title = { zh = "居家", en = "Indoors" }
meaning = { zh = "不出门。", en = "Stay in." }
[[roles]]
slug = "lead"
title = { zh = "负责人", en = "Lead" }
duty = { zh = "拍板。", en = "Decides." }
per = "team"
ratio = 1
[[norms]]
key = "wind"
title = { zh = "风力", en = "Wind" }
value = 10
unit = { zh = "级", en = "force" }
source = "Beaufort scale"
[[checklist]]
key = "shut"
levels = ["indoors"]
title = { zh = "关窗", en = "Shut windows" }
detail = { zh = "逐户提醒。", en = "Tell each door." }
owner = "lead"
due_hours = 1
[texts]
public_notice = { zh = "{area}：{level}", en = "{area}: {level}" }
building_notice = { zh = "{area}：{reason}", en = "{area}: {reason}" }
lifted_notice = { zh = "{area} 解除", en = "{area} lifted" }
"""


def write(folder: Path, words: str) -> Path:
    (folder / "storm.toml").write_text(words, encoding="utf-8")
    return folder


class TestTheShippedPlaybooks:
    def test_are_epidemic_and_flood(self) -> None:
        assert set(load()) == {"epidemic", "flood"}

    def test_have_a_level_for_each_map_pattern(self) -> None:
        for book in load().values():
            assert sorted(level.pattern for level in book.levels) == sorted(PATTERNS)

    def test_speak_chinese_in_chinese_and_english_in_english(self) -> None:
        for book in load().values():
            titles = [level.title for level in book.levels] + [role.title for role in book.roles]
            titles += [norm.title for norm in book.norms] + [check.detail for check in book.checklist]
            for text in [book.title, *titles, *book.texts.values()]:
                assert any("\u4e00" <= letter <= "\u9fff" for letter in text.in_language("zh-hans"))
                assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.in_language("en"))

    def test_have_every_notice_that_an_order_sends(self) -> None:
        for book in load().values():
            assert set(NOTICES) <= set(book.texts)

    def test_have_something_due_within_the_first_hour_of_every_level(self) -> None:
        for book in load().values():
            for level in book.levels:
                assert book.checks_at(level.slug)[0].due_hours <= 1

    def test_order_the_checklist_by_when_it_is_due(self) -> None:
        due = [check.due_hours for check in playbook("epidemic").checks_at("sealed")]
        assert due == sorted(due)
        assert len(due) >= 14

    def test_ask_for_one_steward_per_two_buildings(self) -> None:
        assert playbook("epidemic").role("steward").needed(buildings=25, households=1472) == 13

    def test_ask_for_a_gate_staffed_in_three_shifts_and_a_relief(self) -> None:
        assert playbook("epidemic").role("order_keeping").needed(buildings=25, households=1472) == 4

    def test_count_a_frail_household_as_silent_sooner_than_others(self) -> None:
        book = playbook("epidemic")
        assert book.silent_after([]) == 24
        assert book.silent_after(["low_income"]) == 24
        assert book.silent_after(["lives_alone", "homebound"]) == 8

    def test_fill_a_notice_in_both_languages(self) -> None:
        values = dict.fromkeys(("level", "reason", "issuer", "start", "review"), "x") | {"area": "海棠花园"}
        for language in ("zh-hans", "en"):
            words = playbook("flood").fill("public_notice", language, **values)
            assert "海棠花园" in words
            assert "{" not in words

    def test_are_not_found_under_another_name(self) -> None:
        with pytest.raises(KeyError):
            playbook("earthquake")


class TestAPlaybookOfOnesOwn:
    def test_is_read(self, tmp_path: Path) -> None:
        book = load(write(tmp_path, SMALL))["storm"]
        assert book.level("indoors").pattern == "sealed"
        assert book.norms[0].value == 10
        assert book.legal_bases[0].in_language("en") == "Emergency Response Law"

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("version = 1", "version = 1\ncolour = 2", "colour: is not a key"),
            ("version = 1", "", "version: is missing"),
            ("version = 1", "version = 1.5", "version: must be a whole number"),
            ("version = 1", "version = true", "version: must be a number"),
            ('slug = "storm"', 'slug = "gale"', "slug: must be the name of the file"),
            ('slug = "storm"', 'slug = "A storm"', "slug: must be a small word"),
            ('en = "Storm" }', 'en = " " }', "title.en: must be words"),
            ('en = "Storm" }', 'en = "Storm", fr = "Vent" }', "title.fr: is not a key"),
            (', en = "Indoors"', "", "levels[0].title.en: is missing"),
            ('pattern = "sealed"', 'pattern = "red"', "levels[0].pattern: must be one of sealed, controlled"),
            ('per = "team"', 'per = "street"', "roles[0].per: must be one of team, buildings"),
            ("ratio = 1", "ratio = 0", "roles[0].ratio: must be a number above 0"),
            ("ratio = 1", "ratio = nan", "roles[0].ratio: must be a number above 0"),
            ('owner = "lead"', 'owner = "cook"', 'checklist[0].owner: no role is called "cook"'),
            ('levels = ["indoors"]', 'levels = ["out"]', 'checklist[0].levels: no level is called "out"'),
            ('levels = ["indoors"]', "levels = []", "checklist[0].levels: must be a list with at least one"),
            ("due_hours = 1", "due_hours = -1", "checklist[0].due_hours: must be a number above 0"),
            ("{ flags = [], hours = 12 }, ", "", "silence: must have exactly one rule with flags = []"),
            (
                'flags = ["homebound"]',
                'flags = ["tall"]',
                'silence[1].flags: no flag of a ledger is called "tall"',
            ),
            ('flags = ["homebound"]', "flags = [3]", "silence[1].flags: must be a list of small words"),
            ('zh = "{area}：{level}"', 'zh = "{area}"', "texts.public_notice: must have the same"),
            ("{reason}", "{cause}", 'texts.building_notice: has the unknown placeholder "cause"'),
            ("{reason}", "{reason.__class__}", "texts.building_notice: has the unknown placeholder"),
            ("{reason}", "{reason!r}", "texts.building_notice: has the unknown placeholder"),
            ("{reason}", "{reason", "texts.building_notice: has a brace that is not closed"),
            ("lifted_notice", "farewell", "texts.lifted_notice: is missing"),
            ("[texts]", "[texts", "can't be read"),
            ('title = { zh = "台风", en = "Storm" }', 'title = "Storm"', "title: must be a table"),
        ],
    )
    def test_is_refused_with_file_and_key(self, tmp_path: Path, old: str, new: str, complaint: str) -> None:
        assert old in SMALL
        with pytest.raises(PlaybookInvalid) as refusal:
            load(write(tmp_path, SMALL.replace(old, new)))
        assert str(refusal.value).startswith(f"storm.toml: {complaint}")

    def test_is_refused_when_a_role_is_there_twice(self, tmp_path: Path) -> None:
        role = SMALL[SMALL.index("[[roles]]") : SMALL.index("[[norms]]")]
        with pytest.raises(PlaybookInvalid, match=r'storm\.toml: roles\[1\]: "lead" is there twice'):
            load(write(tmp_path, SMALL.replace(role, role + role)))

    def test_is_refused_when_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(PlaybookInvalid, match="has no playbook"):
            load(tmp_path)
