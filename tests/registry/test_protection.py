"""What a copy of the database tells about people: nothing; and who sees their rows without a right: nobody."""

import os
import subprocess
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from haitang.config import embedded, secret
from haitang.core import reach
from haitang.core.actor import Act
from haitang.operations import services as operations
from haitang.registry import queries, services
from haitang.registry.models import Household, Person
from haitang.relief import services as relief
from haitang.vault import queries as vault
from haitang.vault import sealing
from haitang.vault.models import CompoundKey
from tests.incidents.test_orders import drafted
from tests.neighbourhood import (
    FEW_PEOPLE,
    GARDEN_PEOPLE,
    OPERATOR,
    Neighbourhood,
    acting,
    build,
    household,
    residents,
)
from tests.scratch import copies, use


@pytest.fixture
def n(own_database: str) -> Iterator[Neighbourhood]:
    """The neighbourhood at work, in a database that can be copied."""
    n = build()
    now = timezone.now()
    operations.confirm_order(drafted(n, lead=n.lead).pk, by=acting(n.town_desk), now=now)
    relief.record_contact(household(n.buildings[0], "101").pk, source="visit", by=acting(n.steward), now=now)
    services.write_note(household(n.buildings[0], "102").pk, "敲门要大声", by=acting(n.steward), now=now)
    services.read_household(household(n.buildings[0], "102").pk, by=acting(n.steward), now=now)
    yield n
    connections.close_all()


def dump(alias: str) -> str:
    """All of a database as SQL, by a user whom the wall doesn't hold back."""
    settings = connections[alias].settings_dict
    program = embedded._binaries() / "pg_dump"
    command = [str(program), "--host", settings["HOST"], "--username", "postgres", settings["NAME"]]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout


def words() -> set[str]:
    """Every name and every phone of the ledgers' files."""
    rows = [line.split(",") for line in (GARDEN_PEOPLE + FEW_PEOPLE).splitlines() if line[:1].isdigit()]
    return {row[2] for row in rows} | {row[3] for row in rows if row[3]}


class TestACopyOfTheDatabase:
    def test_shows_no_name_no_phone_and_no_note(self, n: Neighbourhood) -> None:
        told = dump("default") + dump("keys")
        assert "registry_person" in told and "vault_householdkey" in told
        assert "海棠花园" in told
        assert [word for word in {*words(), "敲门"} if word in told] == []

    def test_would_show_a_name_that_stands_open(self, n: Neighbourhood) -> None:
        Person.objects.filter(household=household(n.buildings[0], "102")).update(relation="钱阿婆")
        assert "钱阿婆" in dump("default")

    def test_from_before_is_not_readable_either_once_a_household_is_forgotten(self, n: Neighbourhood) -> None:
        door = household(n.buildings[0], "102")
        now = connection.settings_dict["NAME"]
        older = f"{now}_older"
        connections.close_all()
        with copies(os.environ["HAITANG_DATABASE_URL"], {older: now}), reach.within(reach.EVERYWHERE):
            services.forget_household(door.pk, "搬走了", by=acting(n.community_desk), now=timezone.now())
            assert not residents("钱阿婆", n.garden)
            connections.close_all()
            use({"default": older})
            try:
                with reach.within(reach.EVERYWHERE):
                    [(person, words)] = Person.objects.filter(household=door).values_list("pk", "sealed")
                    assert "陶一宁" in {one.name for one in queries.roll(n.garden)}
                    assert not residents("钱阿婆", n.garden)
                    assert queries.note(Household.objects.get(pk=door.pk)) == ""
                    assert not any(opens(key, bytes(words), person) for key in every_key())
            finally:
                connections.close_all()
                use({"default": now})


def every_key() -> list[bytes]:
    """All keys that there still are."""
    compounds = [vault.opened(held) for held in CompoundKey.objects.all()]
    doors = [key for held in CompoundKey.objects.all() for key in vault.keys_in(held.compound).values()]
    return [*secret.master_keys(), *(k for one in compounds for k in (one.wrapping, one.finding)), *doors]


def opens(key: bytes, words: bytes, about: UUID) -> bool:
    try:
        return bool(sealing.unseal(key, words, about.bytes))
    except sealing.Unreadable:
        return False


class TestRowsAboutPeople:
    """Raw SQL, past every rule of ours."""

    TABLES = ("registry_person", "registry_household", "registry_formerperson")

    def count(self, table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            return int(cursor.fetchone()[0])

    @pytest.fixture(autouse=True)
    def _changed_once(self, neighbourhood: Neighbourhood) -> None:
        text = "楼栋,房号,姓名,电话\n1,102,钱阿婆,13900000999\n".encode()
        given = services.preview_ledger(
            neighbourhood.garden, text, name="a.csv", by=OPERATOR, now=timezone.now()
        )
        services.apply_ledger(given.pk, by=OPERATOR, now=timezone.now())

    @pytest.mark.parametrize("table", TABLES)
    def test_are_not_there_for_who_comes_without_a_reach(self, table: str) -> None:
        assert self.count(table) > 0
        with reach.within(()):
            assert self.count(table) == 0

    @pytest.mark.parametrize("table", TABLES)
    def test_are_there_within_one_s_reach_alone(self, table: str, neighbourhood: Neighbourhood) -> None:
        everywhere = self.count(table)
        with reach.within([neighbourhood.garden.path]):
            own = self.count(table)
        with reach.within([neighbourhood.elsewhere.path]):
            foreign = self.count(table)
        assert own > 0 and own + foreign <= everywhere and (own < everywhere or foreign == 0)

    def test_begin_with_the_whole_path(self, neighbourhood: Neighbourhood) -> None:
        with reach.within([neighbourhood.garden.path.removesuffix("en/") + "/"]):
            assert self.count("registry_person") == 0

    def test_cannot_be_written_beyond_one_s_reach(self, neighbourhood: Neighbourhood) -> None:
        person = Person.objects.filter(compound=neighbourhood.garden)[0]
        with reach.within([neighbourhood.elsewhere.path]):
            assert Person.objects.filter(pk=person.pk).update(birth_year=1900) == 0
        with (
            reach.within([neighbourhood.garden.path]),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            Person.objects.filter(pk=person.pk).update(path=neighbourhood.elsewhere.path)

    def test_stand_behind_a_user_whom_the_wall_holds_back(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
            assert {name for (name,) in cursor.fetchall()} >= set(self.TABLES)

    @pytest.mark.parametrize("who", ["steward", "lead", "community_desk", "volunteer", "auditor", "stranger"])
    def test_are_what_somebody_s_rights_reach(self, who: str, neighbourhood: Neighbourhood) -> None:
        actor = acting(neighbourhood.people[who])
        with reach.of(actor):
            seen = set(Person.objects.values_list("path", flat=True))
        assert all(any(path.startswith(right) for right in actor.reach(Act.VIEW_COMPOUND)) for path in seen)
        assert bool(seen) == (who not in {"volunteer", "auditor"})
