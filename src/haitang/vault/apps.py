"""Tells Django of the keys."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "haitang.vault"
    label = "vault"
