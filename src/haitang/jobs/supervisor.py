"""Keeps child processes alive: starts them, starts them again when they die, and stops them all."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

STOP_SECONDS = 8.0
LOOK_SECONDS = 0.2
CALM_SECONDS = 60.0
PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)

Say = Callable[[str], None]


@dataclass
class Child:
    """One process to keep alive: what people call it, and its command line.

    It loads its code at once, and works as soon as it reads a byte from its standard input: so that it can be
    started before the database is ready.
    """

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(  # noqa: S603 -- our own command lines, no shell
            self.command, stdin=subprocess.PIPE, start_new_session=True
        )
        self.started = time.monotonic()

    def give_word(self) -> None:
        """Tell it that data are ready."""
        if self.process is not None and self.process.stdin is not None:
            # It may have died meanwhile; look_after() will see to that.
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(b"1")
                self.process.stdin.close()

    def ended(self) -> int | None:
        """Its exit status (negative: the signal) if it ended since it was last asked."""
        if self.process is None:
            return None
        status = self.process.poll()
        if status is not None:
            self.kill()
            self.process = None
        return status

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Kill whatever is left of its session."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            if self.process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self.process.stdin.close()


def look_after(children: Sequence[Child], now: float, say: Say) -> None:
    """Start what is due, and put off what has just died: the longer, the oftener it died lately."""
    for child in children:
        status = child.ended()
        if status is not None:
            calm = now - child.started > CALM_SECONDS
            child.failures = 1 if calm else child.failures + 1
            pause = PAUSES[min(child.failures, len(PAUSES)) - 1]
            child.due = now + pause
            say(f"The {child.name} ended ({_cause(status)}); it starts again in {pause:g} s.")
        if child.process is None and now >= child.due:
            child.start()
            child.give_word()


def _cause(status: int) -> str:
    return f"exit status {status}" if status >= 0 else signal.Signals(-status).name


@contextmanager
def alive(children: Sequence[Child]) -> Iterator[None]:
    """Inside, the children run; on the way out they are asked to stop, and killed if they don't."""
    try:
        for child in children:
            child.start()
        yield
    finally:
        for child in children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, deadline - time.monotonic()))
            child.kill()


@contextmanager
def until_told_to_stop() -> Iterator[None]:
    """Leave the block at the first SIGINT, SIGTERM or SIGHUP; later ones don't disturb the cleaning up."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def leave(number: int, frame: object) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, action in before.items():
            signal.signal(number, action)
