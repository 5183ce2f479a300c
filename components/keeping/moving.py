"""Packing a shop into one encrypted file, and unpacking it where there is none yet."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from components.foundation import settings
from components.foundation.database import embedded
from components.foundation.operations import backup as backups
from components.foundation.operations.backup import BackupContents, BackupFailed
from components.foundation.secrecy import secret_files
from components.foundation.settings import Settings

MOVING = "settings.env"
WRITTEN = "settings-of-the-former-place.env"
HELD_BY_FILES = {"secret_key": "secret-key", "install_id": "install-id", "stripe_secret_key": "stripe-key"}
"""Said by the environment there; here a file of the data folder says them, unless the environment does."""
STAYS = frozenset({"clubfront_data", "host", "port", "workers", "database_url", "database_pool", "log_level"})
"""Of the machine, and different on every one."""
NEW_PLACE = frozenset(
    {
        "secret-key", "install-id", "webhook-secret", "serving.lock", "postgres", "template-cache", embedded.USERS,
        embedded.STARTING, "stand-in.sqlite", "stand-in.sqlite-shm", "stand-in.sqlite-wal",
    }
)  # fmt: skip
"""What a command leaves in a new data folder; whether there is a shop, its database says."""


class PlaceNotEmpty(BackupFailed):
    """Something is there already, that unpacking would overwrite."""


@dataclass(frozen=True)
class Unpacked:
    """`written` is where the settings of the former place's environment lie; None when it had none."""

    contents: BackupContents
    written: Path | None


def pack(to: Path, *, dsn: str, passphrase: str) -> None:
    """The whole shop, with the settings of its environment, as one file that the passphrase opens."""
    data = settings.current().data
    backups.create(to, dsn=dsn, data=data, passphrase=passphrase, beside={MOVING: _said_by_environment()})


def _said_by_environment() -> str:
    """As lines for an environment file. Those of the shop itself are rows, and travel with the database."""
    names = [name for name in Settings.__dataclass_fields__ if name not in STAYS]
    return "".join(f"{name.upper()}={written}\n" for name in names if (written := secret_files.given(name)))


async def refuse_when_others_are_connected(dsn: str) -> None:
    """Whoever else uses the database may be selling. Raises `BackupFailed`."""
    connection = await asyncpg.connect(dsn)
    try:
        others = await connection.fetch(_OTHERS)
    finally:
        await connection.close()
    if others:
        who = ", ".join(sorted({row["who"] for row in others}))
        raise BackupFailed(
            f"Others are connected to the database ({who}). Stop every web process and worker of the shop, on all "
            "machines, and PgBouncer, which keeps connections that nobody uses."
        )


_OTHERS = """
SELECT coalesce(nullif(application_name, ''), usename) || coalesce(' from ' || host(client_addr), '') AS who
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def refuse_full_folder(data: Path) -> None:
    """Before any setting is read, which would write into it. Raises `PlaceNotEmpty`."""
    found = sorted(one.name for one in data.iterdir()) if data.is_dir() else []
    if other := [name for name in found if name not in NEW_PLACE and not name.startswith(".")]:
        raise PlaceNotEmpty(f"{data} is not empty ({', '.join(other[:5])}). Set CLUBFRONT_DATA to a new folder.")


async def refuse_full_database(dsn: str) -> None:
    """Raises `PlaceNotEmpty`."""
    connection = await asyncpg.connect(dsn)
    try:
        count = await connection.fetchval(_TABLES)
    finally:
        await connection.close()
    if count:
        raise PlaceNotEmpty(f"The database is not empty: it has {count} tables. Use a new one.")


_TABLES = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def unpack(file: Path, *, dsn: str, passphrase: str) -> Unpacked:
    """Database, files and secrets, into a place that has none. Raises `BackupFailed`."""
    data = settings.current().data
    asyncio.run(refuse_full_database(dsn))
    with backups.open_backup(file, passphrase=passphrase) as (work, contents):
        backups.load_database(work, dsn=dsn, server=contents.server)
        backups.load_files(work, data=data)
        said = work / backups.BESIDE / MOVING
        written = _keep_settings(said.read_text(), data) if said.is_file() and said.read_text() else None
    return Unpacked(contents, written)


def _keep_settings(said: str, data: Path) -> Path:
    """Secrets into the files that hold them; all of it into one file, for whoever sets up the environment."""
    given = dict(line.split("=", 1) for line in said.splitlines())
    for name, file in HELD_BY_FILES.items():
        if value := given.get(name.upper()):
            _write(data / file, value)
    return _write(data / WRITTEN, said)


def _write(path: Path, text: str) -> Path:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return path
