"""Places and those who live there: areas, households, people, units, ledger imports, joined lists."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

SLASH = Value("/", output_field=models.TextField())


class Level(models.TextChoices):
    """The tree's floors, from the top; an area's path has as many parts as its level's place here."""

    CITY = "city", _("city")
    DISTRICT = "district", _("district")
    TOWN = "town", _("town")
    COMMUNITY = "community", _("community")
    COMPOUND = "compound", _("compound")
    BUILDING = "building", _("building")


class Area(models.Model):
    """A node of the tree. `path` is the codes from the city down, each followed by a slash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.TextField(choices=Level.choices)
    code = models.TextField()
    name = models.TextField()
    path = models.TextField(unique=True)
    place = models.IntegerField(default=0)  # order among its siblings on the site
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    households = models.IntegerField(default=0)  # counted below it by `services.count_ledger`
    people = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "code"], name="area_code_is_unique_among_siblings"),
            models.CheckConstraint(
                condition=Q(level=Level.CITY, path=Concat(F("code"), SLASH))
                | (~Q(level=Level.CITY) & Q(path__endswith=Concat(SLASH, F("code"), SLASH))),
                name="area_path_ends_in_its_code",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.CITY, parent=None) | (~Q(level=Level.CITY) & Q(parent__isnull=False)),
                name="area_has_a_parent_unless_it_is_a_city",
            ),
            models.CheckConstraint(
                condition=Q(households__gte=0, people__gte=0), name="area_counts_are_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="area_by_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["level", "path"], name="area_by_level"),
        ]


class Unit(models.Model):
    """An organisation that people belong to or that sends volunteers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField(unique=True)


GATE = "gate"  # the code of the building that stands for every door outside the buildings


class HouseholdKind(models.TextChoices):
    FLAT = "flat", _("flat")
    SHOP = "shop", _("shop")
    TENANT = "tenant", _("rented room")
    SERVICED_FLAT = "serviced_flat", _("serviced flat")
    SITE = "site", _("workers' hut")


class Household(models.Model):
    """A door and who lives behind it. `path` is its building's: row-level security shows the row by it.

    `note` is sealed with the household's key; `came_with` is the import that brought it.
    Someone may say that a household is there before any list does: until a list or a second look confirms it, it
    is provisional. `said_people` is how many live there as somebody said, known by name or not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    building = models.ForeignKey(Area, models.PROTECT, related_name="doors")
    entrance = models.TextField(blank=True)
    floor = models.IntegerField()
    room = models.TextField()
    reference = models.TextField(blank=True)  # the ledger's own number of the household
    path = models.TextField()
    note = models.BinaryField(null=True)
    came_with = models.UUIDField(null=True)
    kind = models.TextField(choices=HouseholdKind.choices, default="flat", db_default="flat")
    is_provisional = models.BooleanField(default=False, db_default=False)
    said_people = models.IntegerField(null=True)
    said_by = models.TextField(blank=True, default="", db_default="")
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "entrance", "room"], name="household_has_its_door_to_itself"
            ),
            models.CheckConstraint(condition=~Q(room=""), name="household_has_a_room_number"),
            models.CheckConstraint(
                condition=Q(said_people=None) | Q(said_people__range=(0, 500)),
                name="household_said_people_could_live_there",
            ),
            models.CheckConstraint(
                condition=Q(is_provisional=False)
                | (Q(said_people__isnull=False, said_at__isnull=False) & ~Q(said_by="")),
                name="household_that_is_provisional_says_who_said_so",
            ),
        ]
        indexes = [models.Index(fields=["compound"], name="household_by_compound")]


class Sex(models.TextChoices):
    UNKNOWN = "", _("not given")
    FEMALE = "f", _("female")
    MALE = "m", _("male")


class AboutSomeone(models.Model):
    """What is kept about a person: name and phones in `sealed`, the rest as far as the work needs it."""

    sealed = models.BinaryField()
    birth_year = models.IntegerField(null=True)
    sex = models.TextField(choices=Sex.choices, blank=True)
    relation = models.TextField(blank=True)
    flags = ArrayField(models.TextField(), default=list)
    skills = ArrayField(models.TextField(), default=list)
    is_helper = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Person(AboutSomeone):
    """Someone who lives in a household.

    `sealed` opens with the household's key; `mark` is a hash of the name under it. `path` is the building's: row-level
    security shows the row by it. `came_with` is the import that brought them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="people")
    path = models.TextField()
    mark = models.BigIntegerField()
    came_with = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "mark"], name="person_is_once_in_a_household"),
            models.CheckConstraint(
                condition=Q(birth_year=None) | Q(birth_year__range=(1890, 2100)),
                name="person_birth_year_is_real",
            ),
        ]
        indexes = [
            models.Index(fields=["compound"], name="person_by_compound"),
            models.Index(fields=["compound"], name="helper_by_compound", condition=Q(is_helper=True)),
        ]


class HouseholdCard(models.Model):
    """What a household shows in place of an account: a code on paper.

    It is found by the code's digest. `sealed` opens with the household's key, for printing the same card again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.CASCADE, related_name="cards")
    digest = models.BinaryField(max_length=32)  # SHA-256 of the code's token
    sealed = models.BinaryField()
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="card_is_told_by_its_digest"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_at=None), name="household_has_one_living_card"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("issued_at")),
                name="card_ends_after_it_is_issued",
            ),
        ]


class ImportState(models.TextChoices):
    PREVIEWED = "previewed", _("previewed")
    APPLIED = "applied", _("imported")
    DROPPED = "dropped", _("dropped")
    UNDONE = "undone", _("undone")


class LedgerImport(models.Model):
    """One file given for a compound's ledger. The file itself is kept only until it is imported or dropped."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    file_name = models.TextField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    choices = models.JSONField(default=dict)
    state = models.TextField(choices=ImportState.choices, default=ImportState.PREVIEWED)
    figures = models.JSONField(default=dict)
    placed = ArrayField(models.UUIDField(), default=list)  # households whose door it gave its entrance
    confirmed = ArrayField(models.UUIDField(), default=list)  # households that were provisional until then
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.PREVIEWED, content__isnull=False)
                | (~Q(state=ImportState.PREVIEWED) & Q(content=None, ended_at__isnull=False)),
                name="import_keeps_its_file_only_until_it_ends",
            ),
        ]


class FormerPerson(AboutSomeone):
    """What was kept about a person before an import changed it, so that the import can be undone."""

    id = models.BigAutoField(primary_key=True)
    given = models.ForeignKey(LedgerImport, models.CASCADE, related_name="changed")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    path = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["given", "person"], name="former_person_is_kept_once_an_import"),
        ]


class ListKind(models.TextChoices):
    VACCINATION = "vaccination", _("vaccination")
    SPECIAL_CARE = "special_care", _("special care")
    HELPERS = "helpers", _("helpers")
    UNIT = "unit", _("a unit's people")


class ListState(models.TextChoices):
    OPEN = "open", _("being looked through")
    FINISHED = "finished", _("finished")
    FORGOTTEN = "forgotten", _("forgotten")


class JoinedList(models.Model):
    """A list of people held against a compound's ledger. What it says, whom its rows mean and what was decided are
    sealed (`joining.keeping`) and kept for a day at most; `figures` stay. `mark`: a flag that everyone in it gets."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    kind = models.TextField(choices=ListKind.choices)
    mark = models.TextField(blank=True)
    file_name = models.TextField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    matches = models.BinaryField(null=True)
    decisions = models.BinaryField(null=True)
    state = models.TextField(choices=ListState.choices, default=ListState.OPEN)
    figures = models.JSONField(default=dict)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ~Q(state=ListState.FORGOTTEN),
                    content__isnull=False,
                    matches__isnull=False,
                    decisions__isnull=False,
                )
                | Q(
                    state=ListState.FORGOTTEN,
                    content=None,
                    matches=None,
                    decisions=None,
                    ended_at__isnull=False,
                ),
                name="list_is_kept_only_until_it_is_forgotten",
            ),
            models.CheckConstraint(
                condition=~Q(state=ListState.FINISHED) | Q(finished_at__isnull=False),
                name="list_that_is_finished_says_when",
            ),
            models.CheckConstraint(
                condition=Q(mark="") | Q(kind=ListKind.SPECIAL_CARE),
                name="list_marks_everyone_only_for_special_care",
            ),
        ]
