"""The doors of sign-in: with a password, as a person of a demonstration, by invitation; and second factors."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from haitang.accounts import queries, rules, services
from haitang.accounts.signin import DEMONSTRATION
from haitang.core.refusal import NotHere


class SignIn(LoginView):  # type: ignore[misc]
    """The sign-in page; in a demonstration it offers its people."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = queries.introductions(get_language() or "")
        return {**super().get_context_data(**kwargs), "people": people}


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """A new password for whoever has one; the people of a demonstration have none."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise NotHere
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """A passkey that was just made was also just shown."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="webauthn")
        return answer


class AddApp(ActivateTOTPView):  # type: ignore[misc]
    """An app whose first code was right was also just shown."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="totp")
        return answer


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Removes a passkey, but not the last second factor of those whose work needs one."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            raise rules.LastSecondFactor
        answer: HttpResponse = super().form_valid(form)
        return answer


class InvitedForm(forms.Form):
    """What an invited person gives: the link's secret and a password, twice."""

    token = forms.CharField(max_length=100)
    password1 = forms.CharField(strip=False, validators=[validate_password])
    password2 = forms.CharField(strip=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("password1") and given.get("password2") and given["password1"] != given["password2"]:
            self.add_error("password2", _("The two passwords differ."))
        return given


@never_cache
@sensitive_post_parameters("token", "password1", "password2")
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest) -> HttpResponse:
    form = InvitedForm(request.POST or None)
    if not form.is_valid():
        return render(request, "signin/invited.html", {"form": form}, status=422 if form.is_bound else 200)
    token, password = form.cleaned_data["token"].strip(), form.cleaned_data["password1"]
    user = services.accept_invitation(token, password=password, now=timezone.now())
    return enter(request, user, "password")


@never_cache
def as_person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = queries.introduced_user(user_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return enter(request, user, DEMONSTRATION)


def enter(request: HttpRequest, user: AbstractBaseUser, method: str) -> HttpResponse:
    """Sign `user` in through allauth's own stages, in a session that knows nothing of whoever was here before."""
    logout(request)
    record_authentication(request, user, method=method)
    answer: HttpResponse = perform_login(request, user)
    return answer
