"""Tells Django of places, households and people."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "haitang.registry"
    label = "registry"
