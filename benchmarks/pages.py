"""How long the desk's pages take with a whole city in the database, as a ratio to a trivial page.

    python -m benchmarks.pages [--compounds 1000] [--requests 100] [--folder DIR]

Starts a private PostgreSQL in --folder (kept for the next run), has `benchmarks.city` fill it, starts one server
process and asks it for pages one after another. The baseline is `/healthz` of the same server in the same run.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from haitang.config import embedded

PORT = 8377
WARM_UP = 5
SERVER = ("-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1")


def filled(compounds: int, folder: Path) -> dict[str, tuple[str, str]]:
    """Fill the database unless it is; the pages to ask for by name, each with its path and session."""
    with psycopg.connect(embedded.admin_url(folder), autocommit=True) as server:
        server.execute("GRANT SET ON PARAMETER session_replication_role TO haitang")
    command = [sys.executable, "-m", "benchmarks.city", str(compounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    pages: dict[str, tuple[str, str]] = json.loads(done.stdout)
    return pages


@contextmanager
def server() -> Iterator[None]:
    """One server process that answers on PORT until the end of the block."""
    command = [sys.executable, *SERVER, "--port", str(PORT), "haitang.config.wsgi:application"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"The server does not answer on port {PORT}.")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)


def answers() -> bool:
    with closing(http.client.HTTPConnection("localhost", PORT, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz")
        except OSError:
            return False
        return connection.getresponse().status == 200


def asked(path: str, session: str, times: int) -> list[float]:
    """Milliseconds that each of `times` requests took, after a few that don't count."""
    headers = {"Cookie": f"session={session}", "Accept-Encoding": "gzip"}
    found = []
    with closing(http.client.HTTPConnection("localhost", PORT, timeout=60)) as connection:
        for _ in range(times + WARM_UP):
            start = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            found.append((time.perf_counter() - start) * 1000)
            if answer.status != 200:
                sys.exit(f"{path} answered {answer.status}.")
    return found[WARM_UP:]


def measure(pages: dict[str, tuple[str, str]], times: int) -> None:
    """Print each page's p50 and p95 in milliseconds, and the ratio of its p95 to the first page's."""
    baseline = 0.0
    print("| page | p50 ms | p95 ms | p95 / trivial p95 |\n|---|---:|---:|---:|")
    for name, (path, session) in pages.items():
        took = asked(path, session, times)
        p95 = statistics.quantiles(took, n=20)[-1]
        baseline = baseline or p95
        print(f"| {name} | {statistics.median(took):.1f} | {p95:.1f} | {p95 / baseline:.0f} |", flush=True)


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--compounds", type=int, default=1000)
    reader.add_argument("--requests", type=int, default=100)
    reader.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "haitang-benchmark")
    chosen = reader.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "haitang.config.settings"
    os.environ["HAITANG_DATA"] = str(chosen.folder)
    os.environ["HAITANG_DATABASE_URL"] = embedded.start(chosen.folder)
    try:
        pages = filled(chosen.compounds, chosen.folder)
        load = os.getloadavg()[0]
        with server():
            measure({"trivial page (`/healthz`)": ("/healthz", ""), **pages}, chosen.requests)
        print(f"load before: {load:.1f} on {os.cpu_count()} cores")
    finally:
        embedded.stop(chosen.folder)


if __name__ == "__main__":
    main()
