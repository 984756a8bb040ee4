"""How long what is printed takes, as a ratio to as many empty pages: `python -m benchmarks.paper`.

A compound of the demonstration's size: 25 buildings, 1,472 doors, some 3,500 people. Its household cards (codes drawn,
QR codes made, typeset), its door lists and its building list; the baseline is an empty document of as many pages as the
cards take, by the same compiler, each paper in a process of its own. Each is made once to warm up and then some rounds
in turn. Ratios are of processor seconds, which a busy machine changes little. Needs no database.
"""

import argparse
import io
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfReader

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
    Section,
    isolated,
    print_building_list,
    print_cards,
    print_door_lists,
)
from haitang.registry.cards import TOKEN_BYTES, Code

BUILDINGS, DOORS = 25, 1472
CARD_PAGES = 184
FLAGS = ("独居", "慢性病", "没有智能手机", "行动不便", "婴幼儿")
GIVEN = "一宁小满志远念鸣知夏启明文雨安岚川立青牧建国惠忠"
SURNAMES = "陶钱许沈周何冯陈陆孟王李罗方"
CARD_WORDS = CardWords(
    title=Both("户卡", "Household card"),
    building=Both("楼栋", "Building"),
    door=Both("门牌", "Door"),
    use=Both(
        "凭卡求助、报名帮忙、答复、更正，查谁看过您家的信息", "Ask for help, see who looked at your household"
    ),
    keep=Both(
        "请收好。丢了找楼栋管家补一张，旧卡随即作废。", "Keep it. If lost, ask your steward for a new one."
    ),
)
DOOR_WORDS = DoorWords(
    title="逐户名单",
    door="门牌",
    count="人数",
    people="家里有谁",
    flags="需要留意",
    heard="最近联系",
    ticks=("见面", "电话", "消息"),
    notes="备注",
    page="第 %(page)s 页，共 %(pages)s 页",
    made="打印",
    care="用完交回",
)
BUILDING_WORDS = BuildingWords(
    title="楼栋名单",
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
    made="打印",
)


def doors_of(building: int) -> int:
    return DOORS // BUILDINGS + (building < DOORS % BUILDINGS)


def empty() -> bytes:
    """As many empty pages as the cards take, by the same program in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "empty.typ"
        template.write_text(f'#set page(paper: "a4")\n#for _ in range({CARD_PAGES - 1}) {{ pagebreak() }}')
        command = [sys.executable, isolated.__file__, str(template), folder, folder, ""]
        return subprocess.run(command, input=b"", capture_output=True, check=True).stdout


def cards() -> bytes:
    made = []
    for building in range(BUILDINGS):
        for door in range(doors_of(building)):
            code = Code(secrets.token_bytes(TOKEN_BYTES))
            place = f"{door // 4 + 1}{door % 4 + 1:02}"
            made.append(Card(str(building + 1), place, code.payload, code.groups))
    return print_cards(CardSheet("海棠花园", "haitang.example/card", "海棠花园", CARD_WORDS, tuple(made)))


def lines(number: int, draw: random.Random) -> tuple[DoorLine, ...]:
    found = []
    for door in range(number):
        people = draw.choices((1, 2, 3, 4, 5), (4, 7, 5, 3, 1))[0]
        names = tuple(draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, 2)) for _ in range(people))
        flags = tuple(draw.sample(FLAGS, draw.choice((0, 0, 0, 1, 2))))
        found.append(
            DoorLine(f"{door // 4 + 1}{door % 4 + 1:02}", str(people), names, flags, "", door % 4 == 3)
        )
    return tuple(found)


def door_lists() -> bytes:
    draw = random.Random(2022)
    lists = tuple(
        DoorList("海棠花园", f"{n + 1} 号楼", "", "", (Section("", lines(doors_of(n), draw)),))
        for n in range(BUILDINGS)
    )
    return print_door_lists(DoorLists(DOOR_WORDS, lists))


def building_list() -> bytes:
    held = (BuildingLine(str(n + 1), "陈惠忠", "许念", doors_of(n), 142, 4, n == 3) for n in range(BUILDINGS))
    return print_building_list(BuildingList("海棠花园", "", BUILDING_WORDS, tuple(held)))


def measure(rounds: int) -> None:
    papers: dict[str, Callable[[], bytes]] = {
        f"{CARD_PAGES} empty pages": empty,
        f"{DOORS:,} household cards": cards,
        f"door lists of {BUILDINGS} buildings": door_lists,
        "building list": building_list,
    }
    made = {name: paper() for name, paper in papers.items()}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in papers}
    for _ in range(rounds):
        for name, paper in papers.items():
            start, busy = time.perf_counter(), busy_seconds()
            paper()
            taken[name].append((time.perf_counter() - start, busy_seconds() - busy))
    print(
        "| paper | pages | seconds | processor seconds | / empty pages | kB | / empty pages |\n"
        "|---|---:|---:|---:|---:|---:|---:|"
    )
    base, size = 0.0, 0
    for name, pdf in made.items():
        seconds, busy = (statistics.median(each) for each in zip(*taken[name], strict=True))
        base, size = base or busy, size or len(pdf)
        print(
            f"| {name} | {len(PdfReader(io.BytesIO(pdf)).pages)} | {seconds:.2f} | {busy:.2f} | {busy / base:,.1f} "
            f"| {len(pdf) / 1000:,.0f} | {len(pdf) / size:.1f} |"
        )


def busy_seconds() -> float:
    """Processor seconds of this process and of those that it waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--rounds", type=int, default=5)
    measure(reader.parse_args(arguments).rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
