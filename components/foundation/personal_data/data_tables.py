"""The registry: each component says in its `personal.py` of every column of its tables what becomes of it.

A test compares it with the database: a new table or column fails until it is declared.
"""

import importlib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

COMPONENTS = Path(__file__).parents[2]


@dataclass(frozen=True)
class Period:
    """How long something is kept, in words, and what ends it: a task of the timetable, or `sql` with the instant
    before which it is over as `$1`, `days` ago."""

    words: str
    task: str = ""
    sql: str = ""
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class _Columns:
    """Names of columns, parted by spaces, by what becomes of them when a person is erased.

    `plain`: numbers, dates and ids that name nobody. `codes`: written by the program, one of a few, or the id of a
    payment. `shops`: the shop's own words. `staff`: who of the staff did it. `pointer`: whose it is; after an erasure
    it leads to a row without a name, or nowhere. `personal`: gone after an erasure, `erased` says by whom. `secret`:
    gone too, and in nobody's copy. `kept`: stays, `why` says for what and how long. `sealed`: stays too, but nothing
    can be read from it, so that it is in no copy either.
    """

    plain: str = ""
    codes: str = ""
    shops: str = ""
    staff: str = ""
    pointer: str = ""
    personal: str = ""
    secret: str = ""
    kept: str = ""
    sealed: str = ""


GROUPS = tuple(field.name for field in fields(_Columns))
NOT_COPIED = ("staff", "secret", "sealed")


@dataclass(frozen=True)
class DataTable(_Columns):
    """One table. With `rows` the person's copy has them, under `title`.

    `rows` is the end of a statement. It may ask for `:person`, for `:email` (theirs once they have confirmed it, else
    empty) and for `:things`: the ids of all rows of tables that lead on, and their own. `told` is what the copy says
    of a row besides its columns: a name, and the statement that finds it.
    """

    table: str
    title: str = ""
    rows: str = ""
    told: tuple[tuple[str, str], ...] = ()
    leads_on: bool = False
    erased: str = ""
    why: str = ""
    periods: tuple[Period, ...] = ()

    def columns(self, *groups: str) -> tuple[str, ...]:
        """The columns of these groups; of all of them without any."""
        return tuple(name for group in groups or GROUPS for name in getattr(self, group).split())

    @property
    def copied(self) -> tuple[str, ...]:
        """What a person's copy has of a row."""
        return self.columns(*(group for group in GROUPS if group not in NOT_COPIED))


@cache
def declared() -> tuple[DataTable, ...]:
    """Every table of the shop, component by component."""
    found = sorted(COMPONENTS.glob("*/personal.py"), key=lambda path: (_place(path.parent.name), path.parent.name))
    modules = (importlib.import_module(f"components.{path.parent.name}.personal") for path in found)
    return tuple(table for module in modules for table in module.DATA_TABLES)


def _place(component: str) -> int:
    return _FIRST.index(component) if component in _FIRST else len(_FIRST)


_FIRST = ("people", "orders", "memberships", "invoices", "ledger", "rewards", "pricing", "messaging", "checkout")
"""What somebody looks for first in their copy."""
