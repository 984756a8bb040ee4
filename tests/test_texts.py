"""Every text people read is there in both languages; and the check that says so can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import texts

MODULE = '''
"""A planted module."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext as in_context

CALM = _("All is " "well. (Really)")
ROWS = ngettext("%(n)s row", "%(n)s rows", 3)
VERB = in_context("verb", "order")
NOT_A_TEXT = re_compile("nothing")
'''
PAGE = """{% load i18n %}{# a comment #}<h1 title="{% trans "Doors" %}">{% trans 'Say "hello" (twice)' %}</h1>
{% blocktrans trimmed count n=doors.count with who=name %}
  {{ who }} has {{ n }} door
{% plural %}
  {{ who }} has {{ n }} doors
{% endblocktrans %}
{% include "x.html" with label=_("Open (now)") %}{{ name|default:_("nobody") }}
{% translate "order" context "noun" as word %}<span>{{ word }}</span> 42 · <b>Haitang</b>
"""
IN_MODULE = {(None, "All is well. (Really)"), (None, "%(n)s row"), ("verb", "order")}
IN_PAGE = {
    (None, "Doors"),
    (None, 'Say "hello" (twice)'),
    (None, "%(who)s has %(n)s door"),
    (None, "Open (now)"),
    (None, "nobody"),
    ("noun", "order"),
}


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A small tree with a module and a page, its catalogue complete."""
    (tmp_path / "room" / "templates").mkdir(parents=True)
    (tmp_path / "room" / "rules.py").write_text(MODULE)
    (tmp_path / "room" / "templates" / "page.html").write_text(PAGE)
    texts.update(tmp_path)
    catalogue = texts.opened(tmp_path)
    for entry in catalogue:
        words = "字" + "".join(texts.PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        if entry.msgid_plural:
            entry.msgstr_plural = {0: words}
        else:
            entry.msgstr = words
    catalogue.save()
    assert texts.check(tmp_path) == []
    return tmp_path


def mend(root: Path, msgid: str, **changes: object) -> None:
    catalogue = texts.opened(root)
    entry = next(entry for entry in catalogue if entry.msgid == msgid)
    for name, value in changes.items():
        setattr(entry, name, value)
    catalogue.save()


def test_every_text_of_haitang_has_its_chinese_and_none_is_unused() -> None:
    assert texts.check(texts.ROOT) == []


def test_finds_texts_in_modules_under_the_names_they_are_imported_by() -> None:
    assert {text.key for text in texts.in_python(MODULE, "rules.py")} == IN_MODULE


def test_finds_texts_in_every_kind_of_template_tag() -> None:
    assert {text.key for text in texts.in_template(PAGE, "page.html")} == IN_PAGE


class TestCheck:
    def test_names_a_text_that_the_catalogue_lacks(self, planted: Path) -> None:
        (planted / "room" / "templates" / "new.html").write_text('{% load i18n %}{% trans "Silent doors" %}')
        assert texts.check(planted) == ["room/templates/new.html: 'Silent doors': not in the catalogue"]

    def test_names_a_text_without_chinese(self, planted: Path) -> None:
        mend(planted, "Doors", msgstr="")
        assert texts.check(planted) == ["room/templates/page.html: 'Doors': without Chinese"]

    def test_names_a_plural_without_chinese(self, planted: Path) -> None:
        mend(planted, "%(n)s row", msgstr_plural={0: " "})
        assert texts.check(planted) == ["room/rules.py: '%(n)s row': without Chinese"]

    def test_names_an_unused_text(self, planted: Path) -> None:
        (planted / "room" / "rules.py").write_text(MODULE.replace('in_context("verb", "order")', "None"))
        assert texts.check(planted) == [f"{texts.CATALOGUE}: 'order': unused"]

    def test_names_a_fuzzy_text(self, planted: Path) -> None:
        mend(planted, "Doors", flags=["fuzzy"])
        assert texts.check(planted) == ["room/templates/page.html: 'Doors': fuzzy"]

    def test_names_a_text_whose_placeholders_differ(self, planted: Path) -> None:
        mend(planted, "%(n)s row", msgstr_plural={0: "%(m)s 行"})
        assert texts.check(planted) == ["room/rules.py: '%(n)s row': placeholders differ in '%(m)s 行'"]

    def test_names_an_exclamation_mark(self, planted: Path) -> None:
        mend(planted, "Doors", msgstr="门！")
        assert texts.check(planted) == ["room/templates/page.html: 'Doors': exclamation mark in '门！'"]

    @pytest.mark.parametrize(
        "page",
        [
            "<p>Closed</p>",
            "<p>关门</p>",
            "<p>门</p>",
            '<img alt="A door">',
            "{% if x %}No{% endif %}",
            '<td data-label="Households">{{ n }}</td>',
            '<input value="Save it">',
            '<input type="submit" value="Save">',
            '{% include "x.html" with label="Open now" %}',
            '{% include "x.html" with label="open" %}',
            '{% include "x.html" with words="门" %}',
            '{% firstof name "Nobody" %}',
            '{{ name|default:"nobody here" }}',
            "{{ is_open|yesno:'open,closed' }}",
            '{{ names|join:"、" }}',
            '<b title="{{ name|default:"nobody" }}"></b>',
            '{% if x %}{% with who=name|default:"nobody" %}{{ who }}{% endwith %}{% endif %}',
        ],
    )
    def test_names_words_that_are_not_marked_for_translation(self, planted: Path, page: str) -> None:
        (planted / "room" / "templates" / "bare.html").write_text(f"<html>\n{page}\n</html>")
        assert len(texts.check(planted)) == 1
        assert "room/templates/bare.html:2: not marked for translation" in texts.check(planted)[0]

    def test_names_words_of_a_template_that_is_plain_text(self, planted: Path) -> None:
        page = '{% load i18n %}{% trans "Doors" %}\nWrite to <the lead> {{ code }}\n'
        (planted / "room" / "templates" / "bare.txt").write_text(page)
        assert texts.check(planted) == [
            "room/templates/bare.txt:2: not marked for translation: Write to the lead"
        ]

    @pytest.mark.parametrize(
        "page",
        [
            '<input type="hidden" value="on"><input type="{{ kind|default:"text" }}">',
            '{% include "parts/_field.html" with kind="one-time-code" %}{{ at|date:"jS F" }}',
            '{% include "x.html" with at=at|date:"jS F" %}{{ now|time:"H:i" }}',
            '{% include "x.html" with label=_("Open (now)") %}{# {{ x|default:"some words" }} #}',
            '{{ name|default:_("nobody") }}{{ name|default:"–" }}{% if x == "Some Code" %}{% endif %}',
            "<script>const words = 'never shown';</script>",
        ],
    )
    def test_leaves_alone_what_nobody_reads(self, planted: Path, page: str) -> None:
        (planted / "room" / "templates" / "bare.html").write_text(page)
        assert texts.check(planted) == []

    @pytest.mark.parametrize(
        "line",
        [
            'messages.success(request, "Saved")',
            'messages.error(request, f"{n} rows saved")',
            'messages.add_message(request, 20, message="Saved")',
            'messages.info(request, "Saved %s" % n)',
            'messages.info(request, "{} saved".format(n))',
            'messages.warning(request, CALM if n else "门")',
            'HttpResponse("words")',
            'http.HttpResponseBadRequest(content=f"No {n}")',
        ],
    )
    def test_names_words_that_a_module_says_in_one_language(self, planted: Path, line: str) -> None:
        (planted / "room" / "rules.py").write_text(f"{MODULE}{line}\n")
        (fault,) = texts.check(planted)
        assert fault.startswith("room/rules.py:11: not marked for translation: ")

    @pytest.mark.parametrize(
        "line",
        [
            'messages.success(request, CALM % {"name": f"{n:.1f}"})',
            'messages.success(request, told(n, "some code"))',
            'HttpResponse("ok", content_type="text/plain")',
            'HttpResponseRedirect("/some/where")',
            'notes.success(request, "not for people")',
        ],
    )
    def test_leaves_alone_what_a_module_says_to_itself(self, planted: Path, line: str) -> None:
        (planted / "room" / "rules.py").write_text(f"{MODULE}{line}\n")
        assert texts.check(planted) == []

    def test_a_separator_may_end_otherwise_in_chinese(self, planted: Path) -> None:
        (planted / "room" / "templates" / "new.html").write_text('{{ names|join:_(", ") }}')
        texts.update(planted)
        mend(planted, ", ", msgstr="、")
        assert texts.check(planted) == []

    def test_names_a_text_put_together_at_run_time(self, planted: Path) -> None:
        (planted / "room" / "rules.py").write_text(MODULE + 'BAD = _(f"{CALM} {ROWS}")\n')
        assert any("room/rules.py:11: not a literal" in fault for fault in texts.check(planted))


class TestUpdate:
    def test_keeps_the_chinese_of_what_stays_and_drops_what_went(self, planted: Path) -> None:
        mend(planted, "Doors", msgstr="门")
        (planted / "room" / "rules.py").unlink()
        assert texts.update(planted) == (0, len(IN_MODULE))
        assert {entry.msgid: entry.msgstr for entry in texts.opened(planted)}["Doors"] == "门"

    def test_run_twice_changes_nothing(self, planted: Path) -> None:
        before = (planted / texts.CATALOGUE).read_bytes()
        assert texts.update(planted) == (0, 0)
        assert (planted / texts.CATALOGUE).read_bytes() == before


def test_the_compiled_catalogue_speaks_chinese(planted: Path) -> None:
    mend(planted, "%(n)s row", msgstr_plural={0: "%(n)s 行"})
    folder = texts.compile_catalogue(planted).parent.parent.parent
    code = (
        "import gettext, sys; chinese = gettext.translation('django', sys.argv[1], ['zh_Hans']);"
        "assert {chinese.ngettext('%(n)s row', '%(n)s rows', n) for n in (1, 2)} == {'%(n)s 行'}"
    )
    subprocess.run([sys.executable, "-X", "utf8", "-c", code, str(folder)], check=True)
