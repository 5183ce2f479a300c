"""The stand-in's state: one SQLite file, shared by any number of processes, consistent after kill -9.

Every change is one `BEGIN IMMEDIATE` transaction, so writers queue and a reader sees all of a change or none of it.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    customer TEXT,
    parent TEXT,
    word TEXT,
    status TEXT,
    clock TEXT,
    due INTEGER,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, created, seq);
CREATE INDEX IF NOT EXISTS objects_customer ON objects (customer, kind) WHERE customer IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_parent ON objects (parent, kind) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_word ON objects (word, kind) WHERE word IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_due ON objects (due, seq) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_created ON events (created, seq);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    claimed_until INTEGER NOT NULL DEFAULT 0,
    claimed_by INTEGER NOT NULL DEFAULT 0,
    answer INTEGER,
    finished INTEGER
);
CREATE INDEX IF NOT EXISTS deliveries_pending ON deliveries (due, id) WHERE finished IS NULL;
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS faults (kind TEXT PRIMARY KEY, remaining INTEGER NOT NULL, amount INTEGER NOT NULL);
"""
PATIENCE_SECONDS = 15
CACHED_KB = 4_000
"""Of the file, kept in memory by each process for good; the system keeps the rest as it can."""
ADDED_LATER = {"claimed_by": "ALTER TABLE deliveries ADD COLUMN claimed_by INTEGER NOT NULL DEFAULT 0"}


class Store:
    """One connection per process; threads take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = threading.RLock()
        self._owner = 0
        self._connection: sqlite3.Connection | None = None

    def connection(self) -> sqlite3.Connection:
        """A forked process gets a connection of its own, because SQLite's must not be shared across a fork."""
        if self._connection is None or self._owner != os.getpid():
            self._connection = self._opened()
            self._owner = os.getpid()
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHED_KB}")
        connection.executescript(SCHEMA)
        known = {row[1] for row in connection.execute("PRAGMA table_info(deliveries)")}
        for name, add in ADDED_LATER.items():
            if name not in known:
                connection.execute(add)
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Everything read inside belongs to one moment. Writing is an error: it would fail when others write too."""
        with self._turn:
            connection = self.connection()
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")
                connection.execute("PRAGMA query_only = OFF")

    @contextmanager
    def trying(self) -> Iterator[sqlite3.Connection]:
        """Changes may be made inside; none of them is stored."""
        with self._turn:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing. Waits for another writer up to `PATIENCE_SECONDS`."""
        with self._turn:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def setting(self, name: str) -> int:
        with self._turn:
            row = self.connection().execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        with self._turn:
            if self._connection is not None and self._owner == os.getpid():
                self._connection.close()
            self._connection = None
