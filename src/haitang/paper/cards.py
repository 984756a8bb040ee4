"""Household cards: eight an A4 page, to be cut along the marks. There is no place on them for a name or a phone."""

from dataclasses import dataclass

from haitang.paper import qr
from haitang.paper.typesetting import typeset


@dataclass(frozen=True, slots=True)
class Both:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Card:
    """One door's card. `payload` is what the QR says, `groups` the same for fingers to type."""

    building: str
    door: str
    payload: str
    groups: tuple[str, ...]

    def __post_init__(self) -> None:
        if not (self.building and self.door and self.groups):
            raise ValueError("A card needs a building, a door and a code.")


@dataclass(frozen=True, slots=True)
class CardWords:
    """What every card says. `use` is what it is for, `keep` what to do with it and when it is lost."""

    title: Both
    building: Both
    door: Both
    use: Both
    keep: Both


@dataclass(frozen=True, slots=True)
class CardSheet:
    """The cards of a place. `address` is where the code is typed; `margin` stands outside the cards."""

    place: str
    address: str
    margin: str
    words: CardWords
    cards: tuple[Card, ...]

    def __post_init__(self) -> None:
        if not self.cards:
            raise ValueError("There is no card to print.")


def print_cards(sheet: CardSheet) -> bytes:
    """The PDF of the cards in their order. Raises FontsMissing."""
    words = {
        name: {"zh": both.zh, "en": both.en}
        for name in CardWords.__dataclass_fields__
        for both in [getattr(sheet.words, name)]
    }
    cards = [
        {
            "building": card.building,
            "door": card.door,
            "groups": card.groups,
            "qr": qr.drawing(qr.modules(card.payload)),
        }
        for card in sheet.cards
    ]
    values = {"place": sheet.place, "address": sheet.address, "margin": sheet.margin}
    return typeset("cards.typ", values | {"words": words, "cards": cards})
