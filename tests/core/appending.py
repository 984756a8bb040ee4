"""A process of its own that adds rows to one chain: python -m tests.core.appending LABEL ROWS."""

import sys
from datetime import UTC, datetime

import django
from django.db import connection, transaction

django.setup()

from haitang.core import journal  # noqa: E402 -- models need Django set up
from haitang.core.actor import operator  # noqa: E402
from haitang.core.models import JournalHead  # noqa: E402

START = 1  # the advisory lock that whoever starts several of these holds until all are ready


def main(label: str, rows: int) -> None:
    """Add `rows` rows, each in its own transaction, once the lock START is free."""
    subject = JournalHead(chain="subject")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [START])
    for turn in range(rows):
        with transaction.atomic():
            journal.record(
                "test.append",
                subject,
                by=operator(label),
                at=datetime.now(UTC),
                path="3205/320508/320508001/320508001001/hth/8/",
                turn=turn,
            )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
