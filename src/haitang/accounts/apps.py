"""Tells Django of users, grants and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "haitang.accounts"
    label = "accounts"
