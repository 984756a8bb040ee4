"""Tells Django of the command line and the clock."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "haitang.jobs"
    label = "jobs"
