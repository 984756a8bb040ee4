"""Sign-in, second factor and password: the parts of allauth that we use, and our own."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, reverse_lazy

from haitang.console import signin

OVERVIEW = reverse_lazy("mfa_index")
EDIT = passkeys.EditWebAuthnView.as_view(success_url=OVERVIEW)

urlpatterns = [
    path("", signin.SignIn.as_view(), name="account_login"),
    path("as/<uuid:user_id>/", signin.as_person, name="sign_in_as"),
    path("invited/", signin.invited, name="invited"),
    path("passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("code/", factors.authenticate, name="mfa_authenticate"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("out/", account.logout, name="account_logout"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("again/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/", signin.ChangePassword.as_view(success_url=OVERVIEW), name="account_change_password"),
    path("mine/", factors.index, name="mfa_index"),
    path("mine/passkeys/new/", signin.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("mine/passkeys/<int:pk>/name/", EDIT, name="mfa_edit_webauthn"),
    path(
        "mine/passkeys/<int:pk>/remove/",
        signin.RemovePasskey.as_view(success_url=OVERVIEW),
        name="mfa_remove_webauthn",
    ),
    path("mine/app/new/", signin.AddApp.as_view(), name="mfa_activate_totp"),
    path("mine/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("mine/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("mine/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("mine/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
