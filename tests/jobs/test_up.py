"""`haitang up` with real processes: how it starts, stops, dies and comes back."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest

from haitang.config import embedded
from haitang.jobs import worker
from tests.scratch import HAITANG, free_port

pytestmark = pytest.mark.crash

START_SECONDS = 60
STOP_SECONDS = 10
TASK = "builtin:procrastinate.builtin_tasks.remove_old_jobs"


@dataclass
class Installation:
    """A data folder of its own, a free port, and the commands run on them."""

    folder: Path
    port: int
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        command = [*HAITANG, "up", "--port", str(self.port), "--workers", "1"]
        with open(self.folder.parent / "output", "ab") as output:
            process = subprocess.Popen(command, env=self.environment(), stdout=output, stderr=output)
        self.started.append(process)
        return process

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*HAITANG, *words], env=self.environment(), capture_output=True, text=True, timeout=START_SECONDS
        )

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HAITANG_")}
        return kept | {"HAITANG_DATA": str(self.folder)}

    def answers(self) -> bool:
        assert self.started[-1].poll() is None, f"it ended:\n{self.output()}"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def processes(self) -> list[psutil.Process]:
        """Every living process of this data folder, and the ones that PostgreSQL forked."""
        return [process for process in psutil.process_iter() if self.owns(process)]

    def owns(self, process: psutil.Process) -> bool:
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                return False
            named = str(self.folder) in " ".join(process.cmdline())
            return named or process.environ().get("HAITANG_DATA") == str(self.folder)
        except psutil.Error:
            return False

    def child(self, module: str) -> psutil.Process:
        """The oldest process that runs `module`: granian forks others that look the same."""
        found = [process for process in self.processes() if module in process.cmdline()]
        return min(found, key=lambda process: process.create_time())

    def output(self) -> str:
        return (self.folder.parent / "output").read_text()

    def query(self, query: str) -> tuple[object, ...] | None:
        with psycopg.connect(embedded.url(self.folder), autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchone() if cursor.description else None


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"after {seconds} s: {what}"
        time.sleep(0.1)


def kill_all(of: Installation) -> None:
    """Kill every process of an installation; some may end by themselves meanwhile, others being dead."""
    for process in of.processes():
        with suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "data", free_port())
    yield made
    kill_all(made)
    for started in made.started:
        started.wait()
    wait_until(lambda: not made.processes(), STOP_SECONDS, "processes survive the test")


@pytest.fixture
def running(installation: Installation) -> subprocess.Popen[bytes]:
    process = installation.start()
    wait_until(installation.answers, START_SECONDS, "the server does not answer")
    return process


class TestStop:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl_c", "sigterm"])
    def test_one_signal_stops_everything(
        self, installation: Installation, running: subprocess.Popen[bytes], number: signal.Signals
    ) -> None:
        running.send_signal(number)
        assert running.wait(STOP_SECONDS) == 0
        wait_until(lambda: not installation.processes(), STOP_SECONDS, "something goes on running")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", installation.port))

    def test_another_command_that_uses_the_database_may_finish(
        self, installation: Installation, running: subprocess.Popen[bytes]
    ) -> None:
        assert installation.run("check-health").returncode == 0
        assert installation.answers()


class TestDie:
    def test_children_follow_a_killed_up_and_the_next_one_starts(
        self, installation: Installation, running: subprocess.Popen[bytes]
    ) -> None:
        running.kill()
        running.wait()

        def only_the_database_is_left() -> bool:
            return all("postgres" in process.name() for process in installation.processes())

        wait_until(only_the_database_is_left, STOP_SECONDS, "children outlive their parent")
        again = installation.start()
        wait_until(installation.answers, START_SECONDS, "the second start does not answer")
        again.send_signal(signal.SIGINT)
        assert again.wait(STOP_SECONDS) == 0
        wait_until(lambda: not installation.processes(), STOP_SECONDS, "something goes on running")

    def test_everything_killed_at_once_leaves_nothing_that_blocks(
        self, installation: Installation, running: subprocess.Popen[bytes]
    ) -> None:
        kill_all(installation)
        running.wait()
        # The worst of stale files: the process id in it belongs to somebody else by now.
        pid_file = installation.folder / "postgres18" / "postmaster.pid"
        rest = pid_file.read_text().split("\n", 1)[1]
        pid_file.write_text(f"{os.getpid()}\n{rest}")
        installation.start()
        wait_until(installation.answers, START_SECONDS, "the next start does not answer")

    @pytest.mark.parametrize("module", ["haitang.jobs.web", "haitang.jobs.worker"])
    def test_a_killed_child_is_started_again(
        self, installation: Installation, running: subprocess.Popen[bytes], module: str
    ) -> None:
        killed = installation.child(module)
        killed.kill()
        wait_until(lambda: "it starts again in" in installation.output(), STOP_SECONDS, "nobody noticed")
        wait_until(lambda: installation.run("check-health").returncode == 0, START_SECONDS, "it is not well")
        wait_until(installation.answers, START_SECONDS, "the server does not answer")
        assert installation.child(module).pid != killed.pid

    def test_a_killed_database_is_started_again(
        self, installation: Installation, running: subprocess.Popen[bytes]
    ) -> None:
        pid_file = installation.folder / "postgres18" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split("\n", 1)[0]), signal.SIGKILL)
        wait_until(lambda: "it runs again" in installation.output(), START_SECONDS, "nobody noticed")
        wait_until(lambda: installation.run("check-health").returncode == 0, START_SECONDS, "it is not well")

    def test_the_job_of_a_dead_worker_runs_again(
        self, installation: Installation, running: subprocess.Popen[bytes]
    ) -> None:
        # What a worker that was killed in the middle of a job leaves in the database.
        installation.query(
            f"""
            WITH dead AS (
                INSERT INTO procrastinate_workers (last_heartbeat)
                VALUES (now() - interval '{worker.SILENCE_SECONDS + 1} seconds') RETURNING id
            )
            INSERT INTO procrastinate_jobs (task_name, queue_name, status, args, worker_id)
            SELECT '{TASK}', 'builtin', 'doing', '{{"max_hours": 1}}', id FROM dead
            """
        )

        def succeeded() -> bool:
            row = installation.query(
                "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded' AND attempts > 0"
            )
            return row == (1,)

        wait_until(succeeded, 6 * worker.LOOK_SECONDS, "the job waits for a worker that is dead")


class TestRefuse:
    def test_a_taken_port_is_named_before_anything_starts(self, installation: Installation) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", installation.port))
            taken.listen()
            refused = installation.run("up", "--port", str(installation.port))
        assert refused.returncode == 1
        assert f"Port {installation.port} is taken" in refused.stderr
        assert "--port" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 2, "one sentence in each language"
        assert not installation.folder.exists()

    def test_a_folder_that_cannot_be_written_is_named(self, installation: Installation) -> None:
        # A file in its place stops root as well, whom permissions don't.
        installation.folder.write_text("")
        refused = installation.run("migrate")
        assert refused.returncode == 1
        assert str(installation.folder) in refused.stderr
        assert "HAITANG_DATA" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
