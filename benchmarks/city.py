"""A city for `benchmarks.pages` and `benchmarks.finding`: fills the database once, signs two desks in and prints the
pages to ask for.

Places, doors, people and what was recorded about them come by SQL, people with a seal that nobody opens; those of the
first community, people with rights, orders and teams come through the services that the pages use.
"""

import json
import random
import sys
import time
from datetime import timedelta

import django

django.setup()

# Models can be imported only from here on.
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from uuid_utils.compat import uuid7  # noqa: E402

from haitang.accounts.models import Role, User  # noqa: E402
from haitang.core import reach  # noqa: E402
from haitang.incidents import queries as incidents  # noqa: E402
from haitang.incidents import services as orders  # noqa: E402
from haitang.operations import services as operations  # noqa: E402
from haitang.registry import services as registry  # noqa: E402
from haitang.registry.models import Area, Household, Level  # noqa: E402
from haitang.registry.services import people  # noqa: E402
from haitang.registry.services.people import Known  # noqa: E402
from haitang.teams.models import Team  # noqa: E402
from tests.neighbourhood import OPERATOR, acting, employ, sign_in  # noqa: E402

BUILDINGS = 25  # a compound
SEALED = 5  # every fifth compound
LEVELS = [Level.CITY, Level.DISTRICT, Level.TOWN, Level.COMMUNITY, Level.COMPOUND, Level.BUILDING]
PLACES = """
INSERT INTO registry_area (id, parent_id, level, code, name, path, place, lon, lat, households, people)
SELECT uuidv7(), p.id, %(level)s, c.code, %(name)s || n, p.path || c.code || '/', n,
       coalesce(p.lon, 120.4) + random() * %(spread)s, coalesce(p.lat, 31.1) + random() * %(spread)s, 0, 0
FROM registry_area p, generate_series(1, %(each)s) n, lpad(n::text, 3, '0') AS c(code)
WHERE p.level = %(above)s ORDER BY p.path, n
"""
DOORS = """
INSERT INTO registry_household (id, compound_id, building_id, entrance, floor, room, reference, path)
SELECT uuidv7(), b.parent_id, b.id, '', f, f || lpad(d::text, 2, '0'), '', b.path
FROM registry_area b, generate_series(1, 15) f, generate_series(1, 4) d
WHERE b.level = 'building' ORDER BY b.path, f, d
"""
PEOPLE = """
INSERT INTO registry_person (id, compound_id, household_id, path, sealed, mark, birth_year, sex, relation, flags,
                             skills, is_helper)
SELECT uuidv7(), h.compound_id, h.id, h.path, decode(md5(h.id::text || n) || md5(n || h.id::text), 'hex'), n,
       1940 + (random() * 60)::int, '', '',
       CASE WHEN n = 1 AND random() < 0.06 THEN ARRAY['lives_alone'] ELSE '{}'::text[] END, '{}', false
FROM registry_household h, generate_series(1, 3) n
WHERE (n < 3 OR hashtext(h.id::text) %% 5 > 1) AND NOT starts_with(h.path, %(named)s)
"""
# As many words as the people of a household are found by, of the 3,000 that a compound's people share.
FINDABLE = """
INSERT INTO vault_findable (household, compound, tokens)
SELECT gen_random_uuid(), md5((n / 1500)::text)::uuid,
       ARRAY(SELECT hashint8extended((3000 * power(random(), 2))::bigint, (n / 1500)::bigint)
             FROM generate_series(1, 20) WHERE n > 0)
FROM generate_series(1, %(households)s) n
"""
KEYS = """
INSERT INTO vault_householdkey (household, compound, wrapped)
SELECT household, compound, decode(repeat(md5(household::text), 4), 'hex') FROM vault_findable
ON CONFLICT DO NOTHING
"""
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰梅红建国志文斌雪婷浩宇子轩欣怡晨"
CONTACTS = """
INSERT INTO relief_contact (id, compound_id, household_id, source, at, recorded_by)
SELECT uuidv7(), h.compound_id, h.id, 'call', now() - random() * interval '2 days', ''
FROM registry_household h JOIN teams_team t ON t.compound_id = h.compound_id, generate_series(1, 2)
WHERE random() < 0.6
"""
# Mostly reads, which no timeline tells; their hashes are of no worth.
JOURNAL = """
INSERT INTO core_journalentry (chain, seq, at, act, kind, subject, path, actor, actor_label, actor_unit, facts,
                               previous, hash)
SELECT a.path, 1000000 + n, now(), CASE WHEN n %% 100 = 0 THEN 'checklist.done' ELSE 'household.read' END,
       'household', '', a.path, '', '', '', '{}', '', ''
FROM generate_series(1, %(each)s) n, registry_area a JOIN teams_team t ON t.compound_id = a.id ORDER BY n, a.path
"""


@transaction.atomic
def fill(compounds: int) -> None:
    """Make the city: 10 districts, their towns of 10 communities, 2 compounds in each."""
    now = timezone.now()
    first = "01/001/001/001/"
    registry.add_areas([registry.NewArea("", Level.CITY, "01", "城")], by=OPERATOR, now=now)
    each = [10, max(1, compounds // 200), 10, 2, BUILDINGS]
    spread = [0.5, 0.05, 0.02, 0.01, 0.004]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys hold by construction
        for above, level, n, degrees in zip(LEVELS, LEVELS[1:], each, spread, strict=False):
            row = {"level": level, "above": above, "name": str(level.label), "each": n, "spread": degrees}
            cursor.execute(PLACES, row)
        cursor.execute(DOORS)
        cursor.execute(PEOPLE, {"named": first})
        cursor.execute("SELECT count(*) FROM registry_household")
        households = cursor.fetchone()[0]
    for compound in Area.objects.filter(level=Level.COMPOUND, path__startswith=first):
        move_in(compound)
    with connections["keys"].cursor() as cursor:
        cursor.execute(FINDABLE, {"households": households})
        cursor.execute(KEYS)
    for compound in Area.objects.filter(level=Level.COMPOUND):
        registry.count_ledger(compound)


def move_in(compound: Area) -> None:
    """People with names into a compound, sealed and to be found."""
    rng = random.Random(compound.code)
    homes = dict(Household.objects.filter(compound=compound).values_list("pk", "path"))
    family = [
        Known(
            uuid7(),
            home,
            rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2)))) + "一二三"[n] * (n > 0),
            (f"+861{rng.randrange(3 * 10**9, 10**10)}",),
            is_helper=rng.random() < 0.006,
        )
        for home in homes
        for n in range(rng.choice((2, 2, 3)))
    ]
    people.add_people(family, compound=compound, paths=homes, given=None)
    people.let_find(compound, family, homes)


def staff() -> None:
    """Two city desks of different units, and the desk of the first community."""
    now = timezone.now()
    city = Area.objects.get(level=Level.CITY)
    first = Area.objects.filter(level=Level.COMMUNITY).order_by("path")[0]
    employ("city", "方", Role.CITY_DESK, city, unit="A", now=now)
    employ("second", "石", Role.CITY_DESK, city, unit="B", now=now)
    employ("community", "陆", Role.COMMUNITY_DESK, first, unit="C", now=now)


def seal() -> None:
    """Put an order in force on every fifth compound, each with its team, and let two days of work go by."""
    first, second = (acting(User.objects.get(username=name)) for name in ("city", "second"))
    for compound in Area.objects.filter(level=Level.COMPOUND).order_by("path")[::SEALED]:
        now = timezone.now()
        order = orders.draft_order(
            next(iter(incidents.open_incidents(by=first)), None),
            opens="epidemic",
            area=compound,
            level="sealed",
            legal_basis="measured",
            reason="measured",
            starts_at=now,
            review_at=now + timedelta(days=3),
            lead=None,
            by=first,
            now=now,
        )
        operations.confirm_order(order.pk, by=second, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(CONTACTS)
        cursor.execute(JOURNAL, {"each": 2000})


def session(username: str) -> str:
    """The key of a session in which `username` signed in with a second factor."""
    return sign_in(User.objects.get(username=username)).cookies["session"].value


def pages() -> dict[str, tuple[str, str]]:
    """What to ask for: each page's path and session by its name in the table."""
    desk, community = session("city"), session("community")
    sealed = Area.objects.filter(level=Level.COMPOUND).order_by("path")[0]
    district = Area.objects.filter(level=Level.DISTRICT).order_by("path")[0]
    return {
        "overview of the city": ("/overview/", desk),
        "overview of a district": (f"/areas/{district.pk}/", desk),
        "overview of a community": ("/overview/", community),
        "zones on the city's map": ("/map/zones.json", desk),
        "compound, stewards": (f"/compounds/{sealed.pk}/", community),
        "compound, heard from": (f"/compounds/{sealed.pk}/?show=contact", community),
    }


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(compounds: int) -> None:
    for alias in ("keys", "default"):
        call_command("migrate", database=alias, verbosity=0)
    with reach.within(reach.EVERYWHERE):
        make(compounds)


def make(compounds: int) -> None:
    if not Area.objects.exists():
        start = time.perf_counter()
        fill(compounds)
        say(f"places, doors, people: {time.perf_counter() - start:.0f} s")
        staff()
        seal()
        for one in connections.all():
            with one.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        say(f"filled: {time.perf_counter() - start:.0f} s")
    city = Area.objects.get(level=Level.CITY)
    made, teams = Area.objects.filter(level=Level.COMPOUND).count(), Team.objects.count()
    say(f"{made:,} compounds, {city.households:,} households, {city.people:,} people, {teams:,} teams")
    print(json.dumps(pages()))


if __name__ == "__main__":
    main(int(sys.argv[1]))
