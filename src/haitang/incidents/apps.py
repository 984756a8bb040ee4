"""Tells Django of incidents, orders and their checklists."""

from django.apps import AppConfig

from haitang.incidents.playbooks import load


class IncidentsConfig(AppConfig):
    name = "haitang.incidents"
    label = "incidents"

    def ready(self) -> None:
        """Refuse to start with a playbook that can't be used."""
        load()
