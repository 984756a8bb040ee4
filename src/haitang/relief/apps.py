"""Tells Django of contacts with households."""

from django.apps import AppConfig


class ReliefConfig(AppConfig):
    name = "haitang.relief"
    label = "relief"
