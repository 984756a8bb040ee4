"""The command `haitang`: a table of subcommands, each loaded only when it is asked for."""

import importlib
from typing import NamedTuple

import click


class Entry(NamedTuple):
    """Where a subcommand lives; `django` when its module needs Django set up before it is imported."""

    module: str
    summary: str
    django: bool = True


COMMANDS = {
    "up": Entry(
        "haitang.jobs.up", "Start the server, the worker and the database; Ctrl-C stops them.", False
    ),
    "migrate": Entry("haitang.jobs.migrate", "Bring the database's tables up to date."),
    "places": Entry("haitang.jobs.places", "Add places: the tree of Suzhou, or that of a CSV file."),
    "demo": Entry("haitang.jobs.demo", "Fill an empty database with the invented neighbourhood."),
    "load": Entry("haitang.jobs.load", "Read ledgers (CSV, XLSX, ODS) into a compound."),
    "rotate-keys": Entry("haitang.jobs.rotate_keys", "Change the keys that open the ledger's names."),
    "invite": Entry("haitang.jobs.invite", "Invite a person to sign in with a role on an area."),
    "plan": Entry(
        "haitang.jobs.plan", "Answer a planning question from a JSON file; needs no database.", False
    ),
    "check-health": Entry("haitang.jobs.check_health", "Say whether everything works; exit status 1 if not."),
    "verify-journal": Entry("haitang.jobs.verify_journal", "Check that no row of the journal was changed."),
}


class LazyGroup(click.Group):
    """Lists COMMANDS without importing them, so that --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.django:
            importlib.import_module("haitang.jobs.database").prepare()
        command = importlib.import_module(entry.module).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.module}.command is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="haitang")
def main() -> None:
    """Haitang: from a signed order to covered buildings.

    Data lie in the folder HAITANG_DATA names (else your own data folder), with a private PostgreSQL unless
    HAITANG_DATABASE_URL names a server: postgresql://USER:PASSWORD@HOST:PORT/NAME.
    """
