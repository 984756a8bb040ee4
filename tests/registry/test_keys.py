"""Changing keys, losing them, and destroying those that seal nothing."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from haitang.config import secret
from haitang.core.models import JournalEntry
from haitang.jobs import check_health, rotate_keys
from haitang.registry import queries, services
from haitang.registry.models import Household, Person
from haitang.vault import queries as vault
from haitang.vault import rules
from haitang.vault.models import CompoundKey, Findable, HouseholdKey
from tests.neighbourhood import (
    GARDEN_PEOPLE,
    OPERATOR,
    Neighbourhood,
    acting,
    household,
    load,
    resident,
    residents,
)

OTHER = base64.b64encode(b"another key, of no worth either!").decode()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder's master keys, beginning with the one that seals everything so far."""
    keys = secret.master_keys()
    monkeypatch.delenv("HAITANG_MASTER_KEYS")
    monkeypatch.setenv("HAITANG_DATA", str(tmp_path))
    secret.keep_master_keys(keys)
    return tmp_path / secret.MASTER_KEYS


class TestChangingKeys:
    def test_leaves_every_name_readable_and_nothing_wrapped_as_before(
        self, kept: Path, neighbourhood: Neighbourhood
    ) -> None:
        own = HouseholdKey.objects.filter(compound=neighbourhood.garden.pk)
        before = {row.household: bytes(row.wrapped) for row in own}
        masters, held = kept.read_text(), queries.roll(neighbourhood.garden)
        done = CliRunner().invoke(rotate_keys.command)
        assert done.exit_code == 0 and "New keys for" in done.output
        assert queries.roll(neighbourhood.garden) == held
        assert all(bytes(row.wrapped) != before[row.household] for row in own.all())
        assert kept.read_text().split() != masters.split() and len(kept.read_text().split()) == 1
        assert JournalEntry.objects.filter(act="keys.change").count() == 4
        assert {one.name for one in queries.find("shen", by=acting(neighbourhood.lead)).people} >= {"沈一鸣"}

    def test_asks_for_the_old_key_to_be_taken_out_where_others_keep_them(
        self, neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = base64.b64encode(secret.master_keys()[0]).decode()
        monkeypatch.setenv("HAITANG_MASTER_KEYS", f"{OTHER},{old}")
        assert "Take the old key out" in CliRunner().invoke(rotate_keys.command).output
        monkeypatch.setenv("HAITANG_MASTER_KEYS", OTHER)
        assert resident("沈一鸣", neighbourhood.garden)
        assert check_health.keys()


class TestAMissingMasterKey:
    def test_is_said_in_words(self, neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HAITANG_MASTER_KEYS", OTHER)
        with pytest.raises(rules.MasterKeyMissing):
            queries.roll(neighbourhood.garden)
        with pytest.raises(check_health.Ill, match="put it back"):
            check_health.keys()

    @pytest.mark.parametrize("written", ["short", "QUJD", "?", ","])
    def test_or_a_wrong_one_too(self, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HAITANG_MASTER_KEYS", written)
        with pytest.raises(secret.BadMasterKeys, match="32 bytes in base64"):
            secret.master_keys()


class TestForgettingAHousehold:
    def test_destroys_its_key_and_what_finds_it(
        self,
        neighbourhood: Neighbourhood,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        door = household(neighbourhood.buildings[0], "102")
        with django_capture_on_commit_callbacks(execute=True):
            services.forget_household(
                door.pk, "搬走了", by=acting(neighbourhood.community_desk), now=timezone.now()
            )
        assert not HouseholdKey.objects.filter(pk=door.pk).exists()
        assert not Findable.objects.filter(pk=door.pk).exists()
        assert not residents("钱阿婆") and Household.objects.filter(pk=door.pk).exists()
        neighbourhood.garden.refresh_from_db()
        assert neighbourhood.garden.people == Person.objects.filter(compound=neighbourhood.garden).count()
        row = JournalEntry.objects.get(act="household.forget")
        assert row.facts == {"people": 1, "reason": "搬走了"}

    def test_lets_others_move_in(self, neighbourhood: Neighbourhood) -> None:
        door = household(neighbourhood.buildings[0], "102")
        services.forget_household(door.pk, "搬走了", by=OPERATOR, now=timezone.now())
        load(neighbourhood.garden, GARDEN_PEOPLE, now=timezone.now())
        assert resident("钱阿婆", neighbourhood.garden).household == door.pk


class TestKeysThatSealNothing:
    def test_go_once_they_are_an_hour_old_and_no_others(self, neighbourhood: Neighbourhood) -> None:
        noted = household(neighbourhood.buildings[0], "101")
        services.write_note(noted.pk, "轮椅", by=acting(neighbourhood.steward), now=timezone.now())
        given = services.preview_ledger(
            neighbourhood.garden, GARDEN_PEOPLE.encode(), name="a.csv", by=OPERATOR, now=timezone.now()
        )
        Person.objects.filter(household__room="101").delete()
        before = set(vault.keys_in(neighbourhood.garden.pk))
        compounds = vault.compounds_with_keys()
        services.destroy_lost_keys(compounds, now=timezone.now())
        assert set(vault.keys_in(neighbourhood.garden.pk)) == before
        services.destroy_lost_keys(compounds, now=timezone.now() + timedelta(hours=2))
        after = set(vault.keys_in(neighbourhood.garden.pk))
        empty = {household(building, "101").pk for building in neighbourhood.buildings[1:]}
        assert empty <= before - after
        assert {noted.pk, given.pk} <= after
        assert CompoundKey.objects.filter(pk=neighbourhood.garden.pk).exists()


class TestANote:
    def test_is_sealed_and_shown_and_taken_away(self, neighbourhood: Neighbourhood) -> None:
        door, by = household(neighbourhood.buildings[0], "101"), acting(neighbourhood.steward)
        held = services.write_note(door.pk, " 敲门  要大声 ", by=by, now=timezone.now())
        assert queries.note(held) == "敲门 要大声" and "敲门".encode() not in bytes(held.note or b"")
        assert services.write_note(door.pk, "", by=by, now=timezone.now()).note is None
