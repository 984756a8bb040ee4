"""Who signs in and what they may do: identities, users, grants, invitations."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from haitang.registry.models import Area, Person, Unit


class Role(models.TextChoices):
    CITY_DESK = "city_desk", _("city desk")
    TOWN_DESK = "town_desk", _("town desk")
    COMMUNITY_DESK = "community_desk", _("community desk")
    LEAD = "lead", _("team lead")
    STEWARD = "steward", _("steward")
    VOLUNTEER = "volunteer", _("volunteer")
    AUDITOR = "auditor", _("auditor")


class Identity(models.Model):
    """A human being. Two accounts of one identity never count as two people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()


class Users(BaseUserManager["User"]):
    """Finds users by their sign-in name; nothing else."""


class User(AbstractBaseUser):
    """An account of someone who works with the system."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.TextField(unique=True)
    identity = models.ForeignKey(Identity, models.PROTECT, related_name="accounts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    resident = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    is_active = models.BooleanField(default=True)

    objects = Users()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(username=""), name="user_has_a_sign_in_name"),
            models.UniqueConstraint(Lower("username"), name="sign_in_name_is_one_whatever_its_case"),
        ]

    @property
    def name(self) -> str:
        """The name of the human being behind the account."""
        return self.identity.name


class Grant(models.Model):
    """This user, this role, on this area, until then. `cause` names the team that brought it, if any."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.TextField(choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    cause = models.TextField(blank=True)
    given_by = models.TextField()
    given_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "area", "cause"],
                condition=Q(ended_at=None),
                name="grant_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("given_at")), name="grant_ends_after_it_begins"
            ),
        ]


class Invitation(models.Model):
    """A link that lets a new user choose a password once; only the token's hash is kept.

    Whoever made it could have used it, so a used one is kept: `made_by` and `user` may be one person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="+")  # null: the operator
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Demonstration(models.Model):
    """The mark of a demonstration database, one row a person whom its sign-in page offers."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True)
    place = models.IntegerField(unique=True)
    role = models.TextField(choices=Role.choices)
    today_zh = models.TextField()
    today_en = models.TextField()
