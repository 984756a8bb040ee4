"""The server's secret: from the environment, else drawn once and kept in the data folder."""

import os
import secrets
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """Where this installation keeps its own files: HAITANG_DATA, else the user's data folder."""
    chosen = os.environ.get("HAITANG_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("haitang"))


def secret_key() -> str:
    """HAITANG_SECRET_KEY, else the 64 characters in the data folder's `secret`, drawn when first asked for."""
    given = os.environ.get("HAITANG_SECRET_KEY")
    if given:
        return given
    path = data_folder() / "secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()
