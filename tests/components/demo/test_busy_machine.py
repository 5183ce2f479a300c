"""Filling takes as long as it takes: a loop that is held, or a busy machine, is not a database that is away."""

import asyncio
import time

import pytest
from click.testing import CliRunner

from components.demo import building
from components.foundation import database
from components.foundation.database import time_limits
from web import command

HELD, LIMIT = 0.3, 0.1
"""In miniature: the limit is half a minute, and a practice bank with many members holds the loop for seconds."""


async def _asks_while_others_hold_the_loop(words: str) -> bool:
    """A new statement is two round trips, to prepare it and to run it: both are waited for, and count."""
    asked = asyncio.create_task(database.fetch_value(f"SELECT '{words}' <> ''"))
    while not asked.done():
        time.sleep(HELD)  # noqa: ASYNC251 - as the practice bank does, which is not asynchronous
        await asyncio.sleep(0)
    return bool(await asked)


async def _filled_while_others_hold_the_loop(_size: object) -> None:
    assert time_limits.current().statement > 3_600, "however long the loop is held"
    assert await _asks_while_others_hold_the_loop("filling")


async def test_a_held_loop_looks_like_a_late_database_but_not_while_a_shop_is_filled(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = time_limits.TimeLimits(statement=LIMIT)
    token = time_limits._limits.set(short)
    try:
        with pytest.raises(TimeoutError):
            await _asks_while_others_hold_the_loop("limited")
        monkeypatch.setattr(building, "_build", _filled_while_others_hold_the_loop)
        await building.fill()
    finally:
        time_limits._limits.reset(token)


def test_what_took_too_long_is_not_called_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(command.terminal, "run", late)
    done = CliRunner().invoke(command.main, ["migrate"])
    assert done.exit_code == 1 and "The database did not answer in time. The machine may be too busy" in done.output
    assert "cannot be reached" not in done.output
