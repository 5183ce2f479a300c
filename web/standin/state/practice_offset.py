"""How far a stand-in's clock is ahead of the real time, read from its file without opening a stand-in."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

FILE = "stand-in.sqlite"
OFFSET = "offset_seconds"


def read(folder: Path) -> timedelta:
    """Nothing where there is no stand-in, or where its file is no such file."""
    path = folder / FILE
    if not path.is_file():
        return timedelta()
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            row = connection.execute("SELECT value FROM settings WHERE name = ?", (OFFSET,)).fetchone()
    except sqlite3.Error:
        return timedelta()
    return timedelta(seconds=row[0] if row else 0)
