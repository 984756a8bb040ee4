"""Tells Django of the public's screens."""

from django.apps import AppConfig


class PorchConfig(AppConfig):
    name = "haitang.porch"
    label = "porch"
