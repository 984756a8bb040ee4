"""What allauth and axes are told about our sign-in: by invitation only, in our words, safe behind proxies."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.core import context, ratelimit
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.accounts import queries, rules
from haitang.accounts.models import User

DEMONSTRATION = "demonstration"
SECOND_FACTOR_STAGE = "allauth.mfa.stages.AuthenticateStage"
WRONG_CODE = _("This code is not right, or it was used before. Wait for the next one.")
TOO_OFTEN = _("Too many tries. Wait a few minutes.")


def has_shown_second_factor(request: HttpRequest) -> bool:
    """Whether this session used a passkey or a code, or came through a demonstration's door."""
    methods = {record.get("method") for record in get_authentication_records(request, request.user)}
    return "mfa" in methods or (DEMONSTRATION in methods and queries.is_demonstration())


def shown_name(user: User) -> str:
    """The name a passkey is filed under on someone's device."""
    return user.name


def address_of(request: HttpRequest) -> str:
    """The client's address as seen by the outermost proxy we trust."""
    return get_client_ip(request) or "0.0.0.0"  # noqa: S104 -- a name for "unknown", not bound


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The sign-in name that wrong tries count against: sign-in ignores case, so counting must as well."""
    given = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(given).strip().casefold()


class LongEnough(MinimumLengthValidator):
    """Django's rule, in our words."""

    def get_error_message(self) -> str:
        return gettext("Too short: at least %(least)d characters, please.") % {"least": self.min_length}


class NotCommon(CommonPasswordValidator):
    """Django's list of the most used passwords, in our words."""

    def get_error_message(self) -> str:
        return gettext("Many people use this password, so it is guessed first. Choose another.")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up, says no in our words, and lets a demonstration's people in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Name or password is not right."),
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow down guessing one name from many addresses; axes counts name and address together."""
        key = counted_name(request, credentials)
        if not ratelimit.consume(request, action="password", key=key):
            raise self.validation_error("too_many_login_attempts")

    def get_login_stages(self) -> list[str]:
        """A demonstration's door stays open even if a visitor added a second factor to one of its people."""
        stages: list[str] = super().get_login_stages()
        records = self.request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
        if any(record["method"] == DEMONSTRATION for record in records) and queries.is_demonstration():
            stages.remove(SECOND_FACTOR_STAGE)
        return stages

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the minutes after a sign-in: who has just shown who they are isn't asked again."""
        records = get_authentication_records(context.request, context.request.user)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > since for record in records)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Names passkeys, and keeps the last second factor of those whose work needs one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": rules.LastSecondFactor.message,
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": gettext("Haitang")}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        if others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
            return True
        actor = queries.actor_for(authenticator.user, now=timezone.now())
        return not rules.needs_second_factor(actor)
