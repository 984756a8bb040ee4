"""Every write to places and ledgers."""

from haitang.registry.services.cards import IssuedCard, issue_cards, issue_missing_cards, reissue_card
from haitang.registry.services.households import (
    destroy_lost_keys,
    forget_household,
    read_household,
    write_note,
)
from haitang.registry.services.imports import (
    Comparison,
    Preview,
    answer_questions,
    apply_ledger,
    apply_reading,
    change_columns,
    compare_ledger,
    compare_reading,
    drop_ledger,
    forget_files,
    preview,
    preview_ledger,
)
from haitang.registry.services.keys import change_keys
from haitang.registry.services.lists import (
    add_unlisted,
    compare_again,
    finish_list,
    forget_list,
    forget_lists,
    join_list,
)
from haitang.registry.services.merge import Figures
from haitang.registry.services.places import NewArea, add_area, add_areas, count_ledger
from haitang.registry.services.provisional import (
    Said,
    add_household,
    clear_gate,
    confirm_household,
    take_back_household,
)
from haitang.registry.services.reviews import Review, decide_row, look_at
from haitang.registry.services.rolls import print_rolls
from haitang.registry.services.searching import find_people
from haitang.registry.services.undoing import forget_former, undo_ledger

__all__ = [
    "Comparison",
    "Figures",
    "IssuedCard",
    "NewArea",
    "Preview",
    "Review",
    "Said",
    "add_area",
    "add_areas",
    "add_household",
    "add_unlisted",
    "answer_questions",
    "apply_ledger",
    "apply_reading",
    "change_columns",
    "change_keys",
    "clear_gate",
    "compare_again",
    "compare_ledger",
    "compare_reading",
    "confirm_household",
    "count_ledger",
    "decide_row",
    "destroy_lost_keys",
    "drop_ledger",
    "find_people",
    "finish_list",
    "forget_files",
    "forget_former",
    "forget_household",
    "forget_list",
    "forget_lists",
    "issue_cards",
    "issue_missing_cards",
    "join_list",
    "look_at",
    "preview",
    "preview_ledger",
    "print_rolls",
    "read_household",
    "reissue_card",
    "take_back_household",
    "undo_ledger",
    "write_note",
]
