"""A card's code: whatever fingers and cameras make of it, it is read rightly or refused with what to look at."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from haitang.paper import qr
from haitang.registry import cards
from haitang.registry.cards import ALPHABET, LENGTH, Code

TOKENS = st.binary(min_size=16, max_size=16).map(Code)
PLACES = st.integers(0, LENGTH - 1)
OTHERS = st.integers(1, 31)


def with_other(text: str, place: int, by: int) -> str:
    """`text` with another character at `place`."""
    other = ALPHABET[ALPHABET.index(text[place]) ^ by]
    return text[:place] + other + text[place + 1 :]


class TestWriting:
    @given(TOKENS)
    def test_gives_seven_groups_of_four_that_are_read_back(self, code: Code) -> None:
        assert [len(group) for group in code.groups] == [4] * 7
        assert "".join(code.groups) == code.text
        assert not set(code.text) & set("ILOU")
        assert cards.read(code.text) == code

    @given(TOKENS)
    def test_says_in_the_qr_what_it_is_and_holds_nothing_else(self, code: Code) -> None:
        assert code.payload == f"HT1:{code.text}"
        assert qr.TEXT.fullmatch(code.payload)
        assert cards.read(code.payload) == code

    @given(TOKENS, TOKENS)
    def test_differs_for_every_token(self, one: Code, other: Code) -> None:
        assert (one.text == other.text) == (one.token == other.token)


class TestReading:
    @pytest.fixture(autouse=True)
    def _in_english(self) -> Iterator[None]:
        with translation.override("en"):
            yield

    @pytest.mark.parametrize(
        "change",
        [
            str.lower,
            lambda text: text.replace("0", "o").replace("1", "l"),
            lambda text: text.replace("0", "O").replace("1", "i"),
            lambda text: "-".join(text[at : at + 4] for at in range(0, LENGTH, 4)),
            lambda text: "  " + "\u3000".join(text[at : at + 5] for at in range(0, LENGTH, 5)) + "\n",
            lambda text: " ".join(f"{chr(9312 + n)}{text[4 * n : 4 * n + 4]}" for n in range(7)),
            lambda text: "".join(chr(ord(character) + 0xFEE0) for character in text),
            lambda text: f"ht1: {text}",
            lambda text: f"HTl:{text}",
            lambda text: f"HT1：{text}",
            lambda text: f"HT1 {text}",
        ],
    )
    def test_bears_what_people_do_to_a_code(self, change: Any) -> None:
        for token in (b"\0" * 16, b"\xff" * 16, *(secrets.token_bytes(16) for _ in range(50))):
            code = Code(token)
            assert cards.read(change(code.text)) == code

    @given(TOKENS, PLACES, OTHERS)
    def test_names_the_one_wrong_character_and_what_it_looks_like(
        self, code: Code, place: int, by: int
    ) -> None:
        with pytest.raises(cards.CharacterWrong) as no:
            cards.read(with_other(code.text, place, by))
        assert no.value.facts["place"] == place + 1
        assert no.value.facts["likely"] == code.text[place]
        assert (no.value.facts["group"], no.value.facts["character"]) == (place // 4 + 1, place % 4 + 1)

    @given(TOKENS, st.lists(PLACES, min_size=2, max_size=2, unique=True), OTHERS, OTHERS)
    def test_never_takes_two_wrong_characters_for_another_card(
        self, code: Code, places: list[int], by: int, too: int
    ) -> None:
        first, second = places
        with pytest.raises(cards.CardUnreadable):
            cards.read(with_other(with_other(code.text, first, by), second, too))

    @given(TOKENS, st.integers(0, LENGTH - 2))
    def test_finds_neighbours_that_changed_places(self, code: Code, at: int) -> None:
        text = code.text
        swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if swapped != text:
            with pytest.raises(cards.CardUnreadable):
                cards.read(swapped)

    @pytest.mark.parametrize("number", range(1, 28))
    def test_counts_what_is_missing(self, number: int) -> None:
        with pytest.raises(cards.CardTooShort) as no:
            cards.read("7" * number)
        assert str(no.value).startswith(f"Characters missing: {28 - number}.")

    def test_counts_what_is_too_much(self) -> None:
        with pytest.raises(cards.CardTooLong) as no:
            cards.read("7" * 30)
        assert str(no.value).startswith("Characters too many: 2.")

    @pytest.mark.parametrize(("wrong", "place"), [("U", 6), ("?", 28), ("户", 1)])
    def test_names_a_character_that_no_code_has(self, wrong: str, place: int) -> None:
        text = Code(bytes(16)).text
        with pytest.raises(cards.NoSuchCharacter) as no:
            cards.read(text[: place - 1] + wrong + text[place:])
        assert no.value.facts["place"] == place
        assert f"has no {wrong}" in str(no.value)

    @pytest.mark.parametrize("other", ["", "   ", "https://example.org/a", "HT1:", "7" * 57, "/" * 28])
    def test_says_so_of_what_is_no_code_at_all(self, other: str) -> None:
        with pytest.raises(cards.CardUnreadable) as no:
            cards.read(other)
        assert type(no.value) is cards.CardUnreadable

    def test_refuses_more_than_128_bits(self) -> None:
        symbols = [31] * cards.DATA
        text = "".join(ALPHABET[symbol] for symbol in [*symbols, *cards._checks(symbols)])
        with pytest.raises(cards.SeveralWrong):
            cards.read(text)
