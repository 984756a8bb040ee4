"""Actor in, refusal out: who asks is known before a view, and every no is put into words here."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from haitang.accounts import queries as accounts
from haitang.accounts import rules
from haitang.accounts.signin import has_shown_second_factor
from haitang.console.policy import as_whole_page
from haitang.core.actor import NOBODY, Actor
from haitang.core.refusal import Busy, Invalid, NotHere, Refused, is_clash

# Pages that change how someone signs in: whoever has a second factor shows it before they open.
GUARDED = frozenset(
    {
        "account_change_password",
        "mfa_index",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


class PageTooOld(Refused):
    code = "page_too_old"
    status = 403
    message = _("This page was open for too long, or in another sign-in. Go back, reload it and try again.")


Handler = Callable[[HttpRequest], HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request's session."""
    user_id = request.user.pk if request.user.is_authenticated else None
    user = accounts.user_by_id(user_id) if user_id else None
    return accounts.actor_for(user, now=timezone.now()) if user else NOBODY


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether the rights of this session need a second factor that it has not shown."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return rules.needs_second_factor(actor) and not has_shown_second_factor(request)


def way_to_second_factor(request: HttpRequest) -> str | None:
    """Where someone who has a second factor shows it, coming back here afterwards; None without one."""
    for method in get_adapter().get_reauthentication_methods(request.user):
        if method["id"].startswith("mfa_"):
            return f"{method['url']}?{urlencode({'next': request.get_full_path()})}"
    return None


def limit_caching(request: HttpRequest, response: HttpResponse) -> None:
    """Let no browser take a fragment for its page, which has the same address, nor show a page after signing out.

    A fragment may be kept and asked about again, so that a poll that finds nothing new costs nothing.
    """
    patch_vary_headers(response, ["HX-Request"])
    if "Cache-Control" not in response:
        is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
        response["Cache-Control"] = "private, no-cache" if is_fragment else "private, no-store"


def is_for_staff(request: HttpRequest) -> bool:
    """Whether a request is for one of the staff's pages."""
    match = request.resolver_match
    return isinstance(match, ResolverMatch) and match.namespace == "console"


class ActorMiddleware:
    """Puts `request.actor` in place; sends those who need a second factor to show it or set one up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if is_for_staff(request):
            limit_caching(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(match, ResolverMatch):
            return None
        if is_for_staff(request) and owes_second_factor(request):
            return as_whole_page(request, redirect(way_to_second_factor(request) or "mfa_index"))
        if match.url_name in GUARDED and not has_shown_second_factor(request):
            way = way_to_second_factor(request)
            return redirect(way) if way else None
        return None


class RefusalMiddleware:
    """Turns a Refused into words: HTML for people, `{code, message}` for machines."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, DatabaseError) and is_clash(fault):
            return refusal(request, Busy())
        return refusal(request, fault) if isinstance(fault, Refused) else None


def refusal(request: HttpRequest, no: Refused) -> HttpResponse:
    """The answer to a refused request."""
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": no.code, "message": str(no)}, status=no.status)
    errors = no.errors if isinstance(no, Invalid) else {}
    return render(request, "refused.html", {"refusal": no, "errors": errors}, status=no.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to an address that leads nowhere: the same as for what is out of reach."""
    return refusal(request, NotHere())


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form that was opened in another session, or long ago."""
    return refusal(request, PageTooOld())


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """The answer after five wrong tries."""
    return render(request, "429.html", {"is_locked": True}, status=429)


def my_name(request: HttpRequest) -> str:
    """The name of who is signed in, in full."""
    user = request.user
    return accounts.with_names([user])[0].name if isinstance(user, accounts.User) else ""


def page_context(request: HttpRequest) -> dict[str, object]:
    """What every page's frame needs: who is signed in, and whether work waits for a second factor."""
    return {
        "actor": getattr(request, "actor", NOBODY),
        "my_name": SimpleLazyObject(lambda: my_name(request)),
        "owes_second_factor": SimpleLazyObject(lambda: owes_second_factor(request)),
    }
