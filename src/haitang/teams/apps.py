"""Tells Django of action teams and building coverage."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "haitang.teams"
    label = "teams"
