"""What happens by the clock: jobs that a worker runs at their times, on one machine only."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from haitang.core import journal, reach
from haitang.registry import services as registry
from haitang.vault import queries as vault

logger = logging.getLogger(__name__)
MOST_NAMED = 10
# Times are UTC.
EVERY_HOUR = "7 * * * *"
WHEN_CHINA_SLEEPS = "40 19 * * *"


class JournalBroken(Exception):
    """The journal does not hold together: the job that found it stays in the queue's table as failed."""


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="forget_files")
def forget_files(timestamp: int) -> int:
    """Every hour: forget ledger files that nobody imported within a day, and lists a day old. Returns how many."""
    now = datetime.fromtimestamp(timestamp, UTC)
    return registry.forget_files(now=now) + registry.forget_lists(now=now)


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="forget_former")
def forget_former(timestamp: int) -> int:
    """Every hour: forget what imports changed that can't be undone any more. Returns how many rows went."""
    with reach.within(reach.EVERYWHERE):
        return registry.forget_former(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron=WHEN_CHINA_SLEEPS)
@app.task(queueing_lock="destroy_lost_keys")
def destroy_lost_keys(timestamp: int) -> int:
    """Every night: destroy keys that seal nothing any more. Returns how many."""
    with reach.within(reach.EVERYWHERE):
        return registry.destroy_lost_keys(
            vault.compounds_with_keys(), now=datetime.fromtimestamp(timestamp, UTC)
        )


@app.periodic(cron=WHEN_CHINA_SLEEPS)
@app.task(queueing_lock="verify_journal")
def verify_journal(timestamp: int) -> int:
    """Every night: check the journal's chains; returns how many rows hold. Raises JournalBroken."""
    checked, found = journal.verify()
    if found:
        for flaw in found[:MOST_NAMED]:
            logger.critical("journal %s row %s: %s", flaw.chain, flaw.seq, flaw.what)
        raise JournalBroken(f"{len(found)} flaws in {checked} rows; see `haitang verify-journal`")
    return checked
