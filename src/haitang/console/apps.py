"""Tells Django of the staff's screens."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "haitang.console"
    label = "console"
