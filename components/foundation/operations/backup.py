"""A backup file of the whole shop: its database, pictures, payment stand-in and secrets.

The database is dumped first, as of one instant, while the shop keeps running. Files copied after it can only be
newer: pictures that no row refers to yet, and payments that the next reconciliation will add.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg

from components.foundation import clock
from components.foundation.database import embedded
from components.foundation.operations import sealed_files, table_sums
from components.foundation.operations.backup_settings import OWN_BACKUPS
from components.foundation.operations.sealed_files import SealBroken
from components.foundation.operations.table_sums import Sums

DUMP, MANIFEST, FILES, BESIDE = "database.dump", "manifest.json", "files", "beside"
FORMAT = 1
UPGRADES = "upgrades"
NEW_IN_17, HEAD_BYTES = b"SET transaction_timeout = 0;", 8192
"""Written by every pg_restore since 17, and refused by PostgreSQL 15 and 16."""
LEFT_OUT = (
    "postgres", "serving.lock", embedded.USERS, embedded.STARTING, ".writable", ".restoring", OWN_BACKUPS, UPGRADES,
)  # fmt: skip
"""Not part of the data: the embedded server's own folder, locks, temporary files, and other backups."""


class BackupFailed(Exception):
    """The message says what could not be done, in plain words."""


@dataclass(frozen=True)
class BackupContents:
    """The manifest of a backup. `sums` is what was in each table; backups of earlier versions do not say it."""

    taken_at: datetime
    server: int
    digests: dict[str, str]
    sums: Sums = field(default_factory=dict)


def create(
    to: Path, *, dsn: str, data: Path, passphrase: str = "", beside: dict[str, str] | None = None
) -> BackupContents:
    """Write the complete backup or nothing; with a passphrase encrypted. Raises `BackupFailed`.

    `beside` are texts by name that travel with it, and that restoring puts nowhere.
    """
    if not to.parent.is_dir():
        raise BackupFailed(f"The folder {to.parent} does not exist.")
    if not passphrase:
        return _create(to, dsn, data, beside or {})
    with tempfile.TemporaryDirectory(prefix="clubfront-plain-") as folder, _seal_in_words():
        plain = Path(folder) / to.name
        kept = _create(plain, dsn, data, beside or {})
        sealed_files.seal(plain, to, passphrase=passphrase)
    return kept


def _create(to: Path, dsn: str, data: Path, beside: dict[str, str]) -> BackupContents:
    unfinished = to.with_name(f".{to.name}.part")
    with tempfile.TemporaryDirectory(prefix="clubfront-backup-") as folder, _words_for_disk(to):
        work = Path(folder)
        taken_at = clock.of_this_machine()
        server = _server_version(dsn)
        sums = _dump(work / DUMP, dsn=dsn, server=server)
        found = {DUMP: work / DUMP} | {f"{FILES}/{name}": path for name, path in _files(data, work)}
        found |= {f"{BESIDE}/{name}": _written(work / BESIDE / name, text) for name, text in beside.items()}
        digests = {name: _digest(path) for name, path in found.items()}
        kept = BackupContents(taken_at, server, digests, sums)
        _pack(unfinished, found, kept)
        unfinished.chmod(0o600)
        unfinished.replace(to)
    return kept


def _dump(file: Path, *, dsn: str, server: int) -> Sums:
    """Dump the database; what was in each table at that same instant."""
    try:
        with table_sums.instant(dsn) as (snapshot, sums):
            pg_dump = postgres_program("pg_dump", server)
            how = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            _run(pg_dump, *how, f"--file={file}", dsn)
            return sums
    except psycopg.Error as trouble:
        raise BackupFailed(f"The database could not be read: {str(trouble).strip()}.") from None


@contextmanager
def open_backup(backup: Path, *, passphrase: str = "") -> Iterator[tuple[Path, BackupContents]]:
    """The backup's folder, unpacked and checked against its digests. Raises `BackupFailed`."""
    with (
        _seal_in_words(),
        sealed_files.opened(backup, passphrase=passphrase) as plain,
        tempfile.TemporaryDirectory(prefix="clubfront-restore-") as folder,
    ):
        work = Path(folder)
        try:
            with tarfile.open(plain) as archive:
                _unpack(archive, work)
        except (OSError, tarfile.TarError) as trouble:
            raise BackupFailed(f"{backup} is damaged or is no backup: {trouble}.") from None
        kept = _manifest(work, backup)
        for name, digest in kept.digests.items():
            if not (work / name).is_file() or _digest(work / name) != digest:
                raise BackupFailed(f"{backup} is damaged: the checksum of {name} does not match.")
        yield work, kept


@contextmanager
def _seal_in_words() -> Iterator[None]:
    try:
        yield
    except SealBroken as trouble:
        raise BackupFailed(str(trouble)) from None


def _unpack(archive: tarfile.TarFile, into: Path) -> None:
    """Ordinary files in that folder and nothing else, also with a Python that knows no filters (before 3.11.4)."""
    for member in archive:
        if member.isdir():
            continue
        place = (into / member.name).resolve()
        source = archive.extractfile(member) if member.isreg() else None
        if source is None or not place.is_relative_to(into.resolve()):
            raise tarfile.TarError(f"{member.name} does not belong into a backup")
        place.parent.mkdir(parents=True, exist_ok=True)
        with source, place.open("wb") as file:
            shutil.copyfileobj(source, file)


def load_database(work: Path, *, dsn: str, server: int) -> None:
    """Replace everything in that database by the dump, in one transaction."""
    script = work / "database.sql"
    _run(postgres_program("pg_restore", server), "--no-owner", "--no-privileges", f"--file={script}", str(work / DUMP))
    if _server_version(dsn) < 17:
        _leave_out(script, NEW_IN_17)
    clean = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    psql = postgres_program("psql", server)
    _run(psql, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
         f"--command={clean}", f"--file={script}", dsn)  # fmt: skip


def _leave_out(script: Path, line: bytes) -> None:
    """In place, as a comment: the line is near the beginning, and what follows may be large."""
    with script.open("r+b") as file:
        found = file.read(HEAD_BYTES).find(line)
        if found >= 0:
            file.seek(found)
            file.write(b"--")


def load_files(work: Path, *, data: Path) -> None:
    """Restore the files to their places, replacing files of the same name."""
    waiting = data / ".restoring"
    shutil.rmtree(waiting, ignore_errors=True)
    if (work / FILES).is_dir():
        shutil.copytree(work / FILES, waiting)
        for path in sorted(waiting.rglob("*")):
            if path.is_file():
                place = data / path.relative_to(waiting)
                place.parent.mkdir(parents=True, exist_ok=True)
                for beside in ("-wal", "-shm"):
                    place.with_name(place.name + beside).unlink(missing_ok=True)
                path.replace(place)
                if place.parent == data:
                    place.chmod(0o600)  # secrets are among them
    shutil.rmtree(waiting, ignore_errors=True)


def postgres_program(name: str, server: int) -> Path:
    """A PostgreSQL program at least as new as the server. Raises `BackupFailed`."""
    candidates = [embedded.programs() / name, Path(shutil.which(name) or "")]
    for candidate in candidates:
        if candidate.is_file() and _major(candidate) >= server:
            return candidate
    raise BackupFailed(f"{name} for PostgreSQL {server} was not found. Install postgresql-client-{server}.")


def _major(path: Path) -> int:
    printed = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = [word.split(".")[0] for word in printed.split() if word[0].isdigit()]
    return int(numbers[0]) if numbers and numbers[0].isdigit() else 0


def _server_version(dsn: str) -> int:
    psql = embedded.programs() / "psql"
    return int(_run(psql, "--no-psqlrc", "-Atc", "SHOW server_version_num", dsn)) // 10_000


def _run(path: Path, *arguments: str) -> str:
    done = subprocess.run(
        [path, *arguments], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise BackupFailed(f"{path.name} failed: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout.strip()


def _files(data: Path, work: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        if not path.is_file() or name.parts[0] in LEFT_OUT or path.name.endswith(("-wal", "-shm", "-journal", ".part")):
            continue
        yield str(name), _snapshot(path, work / "copies" / name)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def _snapshot(path: Path, place: Path) -> Path:
    """A consistent copy; of a SQLite file as of one instant."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(place)) as copy:
            source.backup(copy)
    else:
        shutil.copyfile(path, place)
    return place


def _pack(to: Path, found: dict[str, Path], kept: BackupContents) -> None:
    said = {
        "format": FORMAT, "taken_at": kept.taken_at.isoformat(), "server": kept.server, "sums": kept.sums,
        "digests": kept.digests,
    }  # fmt: skip
    body = json.dumps(said, indent=1).encode()
    with tarfile.open(to, "w") as archive:
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(body), 0o600
        archive.addfile(head, io.BytesIO(body))
        for name, path in found.items():
            archive.add(path, arcname=name)


def _manifest(work: Path, backup: Path) -> BackupContents:
    try:
        said = json.loads((work / MANIFEST).read_text())
        if said["format"] != FORMAT:
            raise BackupFailed(f"{backup} was made by another version of Clubfront (format {said['format']}).")
        sums = {name: (int(rows), str(checksum)) for name, (rows, checksum) in said.get("sums", {}).items()}
        return BackupContents(
            datetime.fromisoformat(said["taken_at"]), int(said["server"]), dict(said["digests"]), sums
        )
    except (OSError, KeyError, ValueError):
        raise BackupFailed(f"{backup} is not a backup of a Clubfront shop.") from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _words_for_disk(to: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        raise BackupFailed(f"{to} could not be written: {trouble.strerror}.") from None
