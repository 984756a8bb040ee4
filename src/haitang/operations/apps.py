"""Tells Django of acts that span rooms: exports."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "haitang.operations"
    label = "operations"
