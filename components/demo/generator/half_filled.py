"""A mark in the data folder for as long as a shop is only half filled: such a shop is not served."""

from pathlib import Path

from components.demo.generator.shop_sizes import ShopSize
from components.foundation import settings
from components.foundation.refusals import Refusal

NAME = "half-filled.txt"


class HalfFilled(Refusal):
    """The message says what was asked for, and what to do."""


def _file() -> Path:
    return settings.current().data / NAME


def begin(size: ShopSize) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text(size.words, encoding="utf-8")


def end() -> None:
    _file().unlink(missing_ok=True)


def words() -> str:
    """Empty for a shop that is whole."""
    if not _file().exists():
        return ""
    known = settings.current()
    where = "Empty the database in DATABASE_URL and delete" if known.database_url else "Delete"
    folder = str(_file()) if known.database_url else f"the folder {known.data}"
    size = _file().read_text(encoding="utf-8")
    return (
        f"This shop is only half filled: filling it with {size} was stopped before it was done. {where} {folder}, and "
        "start again."
    )


def refuse() -> None:
    """Raises `HalfFilled`."""
    if said := words():
        raise HalfFilled(said)
