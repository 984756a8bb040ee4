"""Tells Django of the actor, the refusal and the journal."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "haitang.core"
    label = "core"
