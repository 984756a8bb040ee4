"""Ties a process to the one that started it: when that dies, however it dies, this one goes too."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

GRACE_SECONDS = 5.0
LOOK_SECONDS = 0.5
PR_SET_PDEATHSIG = 1


def tie_to(parent: int) -> None:
    """End this process soon after `parent`, its parent's process id, is gone: SIGTERM, then SIGKILL."""
    if sys.platform == "linux":
        # The kernel tells at once; the thread covers other systems and a parent that died before this call.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that start inside never hear of Ctrl-C, which is their parent's to answer."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def wait_for_word() -> None:
    """Wait until the parent says on our standard input that data are ready; leave if it never will."""
    if not sys.stdin.buffer.read(1):
        sys.exit(0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
