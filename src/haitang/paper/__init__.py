"""What is printed: frozen values in, a PDF out. Knows neither Django nor anything of ours, and holds no words.

    sheet = CardSheet(...)
    pdf = print_cards(sheet)

Every paper is A4, black on white, and carries its fonts. Texts come with the values, so their language is the
caller's to choose.
"""

from haitang.paper.cards import Both, Card, CardSheet, CardWords, print_cards
from haitang.paper.lists import (
    BuildingLine,
    BuildingList,
    BuildingWords,
    DoorLine,
    DoorList,
    DoorLists,
    DoorWords,
    Section,
    print_building_list,
    print_door_lists,
)
from haitang.paper.typesetting import FontsMissing, check_fonts

__all__ = [
    "Both",
    "BuildingLine",
    "BuildingList",
    "BuildingWords",
    "Card",
    "CardSheet",
    "CardWords",
    "DoorLine",
    "DoorList",
    "DoorLists",
    "DoorWords",
    "FontsMissing",
    "Section",
    "check_fonts",
    "print_building_list",
    "print_cards",
    "print_door_lists",
]
