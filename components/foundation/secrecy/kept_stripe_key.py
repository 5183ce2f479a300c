"""The Stripe key that the owner typed into the shop: a file of the data folder, readable by its owner only.

A key belongs to the machine, as the shop's other secrets do. It is in no row, so no dump of the database and no page
of the shop ever holds it. `STRIPE_SECRET_KEY` in the environment comes before it.
"""

import os
from pathlib import Path

NAME = "stripe-key"
_HELD = "CLUBFRONT_KEPT_STRIPE_KEY"


def read(data: Path) -> str:
    """Empty when there is none."""
    path = data / NAME
    return path.read_text().strip() if path.is_file() else ""


def at_start(data: Path) -> str:
    """The key of this tree of processes: one that is started again later must not know another bank than the rest."""
    return os.environ[_HELD] if _HELD in os.environ else read(data)


def hold(data: Path) -> None:
    """Processes started from here keep the key of now, whatever is typed meanwhile."""
    os.environ[_HELD] = read(data)


def keep(data: Path, key: str) -> None:
    """It counts from the next start. Written aside first, so that a start never reads half of it."""
    fresh = data / f"{NAME}.new"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key)
    fresh.replace(data / NAME)


def forget(data: Path) -> None:
    (data / NAME).unlink(missing_ok=True)
