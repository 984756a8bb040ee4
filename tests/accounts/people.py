"""What the tests of sign-in share: people with a password, a browser, and the codes of an app."""

import base64
import hashlib
import hmac
import struct
import time

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from haitang.accounts.models import User

PASSWORD = "a quiet evening by the canal"
PERIOD = 30


def with_password(user: User) -> User:
    """The user, who can now sign in with PASSWORD."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def browser() -> Client:
    """A browser nobody signed in with yet, which wants English."""
    return Client(headers={"accept-language": "en"})


def try_password(client: Client, username: str, password: str = PASSWORD, **extra: str) -> HttpResponse:
    """Send the form of the sign-in page."""
    return client.post(reverse("account_login"), {"login": username, "password": password}, **extra)


def code_now(secret: str) -> str:
    """The six digits an app shows now (RFC 6238); waits for the next ones if these are about to end."""
    left = PERIOD - time.time() % PERIOD
    if left < 5:
        time.sleep(left + 0.1)
    counter = struct.pack(">Q", int(time.time()) // PERIOD)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def set_up_app(client: Client) -> str:
    """Set up a code app through its page; returns the app's secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret
