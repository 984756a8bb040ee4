"""The worker: runs the jobs that wait in the database, and those whose worker died half-way."""

import asyncio
import contextlib
import os
import sys
import time

import django
from procrastinate import App, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from haitang.jobs import lifeline

HEARTBEAT_SECONDS = 2.0
# A worker silent for so long has died: its jobs run again. Far above the heartbeat, for a busy machine.
SILENCE_SECONDS = 15.0
LOOK_SECONDS = 5.0


async def recover(worker_app: App) -> None:
    """Hand the jobs of silent workers back to the queue, for ever."""
    looked = time.time()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        slept, looked = time.time() - looked, time.time()
        if slept > 2 * LOOK_SECONDS:
            # The whole machine was asleep: the living need a moment to be heard from.
            continue
        with contextlib.suppress(exceptions.ConnectorException):
            for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE_SECONDS):
                await worker_app.job_manager.retry_job(job)


async def work(worker_app: App, *, concurrency: int = 2) -> None:
    """Run jobs until SIGTERM or SIGINT, then wait for those under way; killed meanwhile, they run again."""
    async with worker_app.open_async():
        recovering = asyncio.create_task(recover(worker_app))
        try:
            await worker_app.run_worker_async(
                name=f"haitang-{os.getpid()}",
                concurrency=concurrency,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=SILENCE_SECONDS,
            )
        finally:
            recovering.cancel()


def main(parent: int) -> None:
    """Work for the process `parent`, from its word until it or this one ends."""
    lifeline.tie_to(parent)
    django.setup()
    lifeline.wait_for_word()
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError(f"jobs wait in Django's database, not behind {app.connector!r}")
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        asyncio.run(work(worker_app))


if __name__ == "__main__":
    main(int(sys.argv[1]))
