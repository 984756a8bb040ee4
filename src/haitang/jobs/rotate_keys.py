"""`haitang rotate-keys`: a new master key, new keys for every compound, and the old master key forgotten."""

import base64
import getpass
import os

import click
from django.utils import timezone

from haitang.config import secret
from haitang.core import reach
from haitang.core.actor import operator
from haitang.jobs.database import with_database
from haitang.registry import services
from haitang.vault import queries as vault


@click.command()
@with_database
def command() -> None:
    """Change the keys that open the ledger's names. Nothing sealed is written anew, so this takes seconds.

    With HAITANG_MASTER_KEYS set, put the new key before the old one there first, and take the old one away after.
    """
    compounds, old = vault.compounds_with_keys(), secret.master_keys()
    by, now = operator(getpass.getuser()), timezone.now()
    is_ours = not os.environ.get("HAITANG_MASTER_KEYS")
    if is_ours:
        # Kept beside the old one until the last compound is done: interrupted, the command is simply run again.
        secret.keep_master_keys([base64.b64decode(secret.draw_master_key()), *old])
    doors = 0
    with reach.within(reach.EVERYWHERE), click.progressbar(compounds, label="Keys · 换钥匙") as bar:
        for compound in bar:
            doors += services.change_keys(compound, by=by, now=now)
    if is_ours:
        secret.keep_master_keys(secret.master_keys()[:1])
    click.echo(f"New keys for {len(compounds):,} compounds, {doors:,} doors.")
    if not is_ours:
        click.echo("Take the old key out of HAITANG_MASTER_KEYS now.")
