"""Makes the environment that everything else runs in: checks the machine, makes .venv, installs uv into it.

Run by whatever python3 the machine has, so it uses the standard library and old syntax only.

    python3 scripts/build.py environment    .venv with the pinned uv and build backend
    python3 scripts/build.py install LOCK   the packages of a lock into it, and this package, editable
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
import venv

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
UV = os.path.join(VENV, "bin", "uv")
BOOTSTRAP = os.path.join(ROOT, "requirements-uv.lock")
OLDEST = (3, 11)


def give_up(sentence):
    """End with one sentence on standard error."""
    sys.exit("make: " + sentence)


def run(*command, **variables):
    """Run a command and end with its exit status if it fails."""
    status = subprocess.call(command, cwd=ROOT, env=dict(os.environ, **variables))
    if status:
        give_up(f"`{' '.join(command)}` failed with exit status {status}.")


def check_machine():
    """End with one sentence when this machine can't build."""
    if sys.version_info < OLDEST:
        here = ".".join(map(str, sys.version_info[:2]))
        give_up(
            f"Python 3.11 or newer is needed, this is {here}: name one with `make PYTHON=python3.12 ...`."
        )
    try:
        with tempfile.TemporaryFile(dir=ROOT):
            pass
    except OSError as problem:
        give_up(f"can't write to {ROOT} ({problem.strerror}): copy the checkout to a folder of your own.")


def make_environment():
    """.venv with pip's own installer for once, after that uv does it."""
    check_machine()
    if not os.path.exists(PYTHON):
        if importlib.util.find_spec("ensurepip") is None:
            give_up("Python's venv is missing: install it, on Debian with `apt-get install python3-venv`.")
        venv.create(VENV, with_pip=True, clear=os.path.exists(VENV))
    run(
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        BOOTSTRAP,
    )


def pip_index():
    """The mirror that the user told pip to use, for uv, which doesn't read pip's settings."""
    if "UV_DEFAULT_INDEX" in os.environ:
        return {}
    told = subprocess.run(
        [PYTHON, "-m", "pip", "config", "get", "global.index-url"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    address = os.environ.get("PIP_INDEX_URL") or told.stdout.decode().strip()
    return {"UV_DEFAULT_INDEX": address} if address else {}


def install(lock):
    """The packages of `lock`, each checked by its hash, then this package itself."""
    index = pip_index()
    run(UV, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock, **index)
    own = [
        UV,
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--no-deps",
        "--no-build-isolation",
        "-e",
        ".",
    ]
    run(*own, **index)


if __name__ == "__main__":
    if sys.argv[1:] == ["environment"]:
        make_environment()
    elif len(sys.argv) == 3 and sys.argv[1] == "install":
        install(sys.argv[2])
    else:
        sys.exit(__doc__)
