"""Which of the two databases a table lies in: keys and what finds a name apart from all else."""

from typing import Any

KEYS_ROOM = "vault"
KEYS, ELSE = "keys", "default"


class KeysApart:
    """Django's router: the vault's tables are in `keys`, all others in `default`."""

    def db_for_read(self, model: Any, **_hints: object) -> str:
        return KEYS if model._meta.app_label == KEYS_ROOM else ELSE

    def db_for_write(self, model: Any, **_hints: object) -> str:
        return self.db_for_read(model)

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool:
        return (app_label == KEYS_ROOM) == (db == KEYS)
