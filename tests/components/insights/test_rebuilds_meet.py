"""A rebuild of kept figures beside those who read, who write, and who rebuild as well."""

import asyncio

from components.foundation import database
from components.insights.rollups import figure_rebuild, figure_rolls, kept_comparison
from tests.components.insights.test_kept_figures import differences, some_movements
from tests.support.meanwhile import Meanwhile


async def test_whoever_reads_kept_figures_stops_no_rebuild(db: None) -> None:
    await some_movements()
    rebuilding = Meanwhile(figure_rebuild.rebuild())
    async with database.transaction():
        await database.fetch_value("SELECT count(*) FROM figure_movement, figure_month, figure_day")
        rebuilding.may_begin()
        await asyncio.wait_for(rebuilding.task, 20)
    assert await differences() == []


async def test_two_who_find_figures_outdated_rebuild_them_once(db: None) -> None:
    await some_movements()
    other = Meanwhile(figure_rolls.roll_all())
    async with database.transaction():
        await figure_rebuild.rebuild()
        written = await database.fetch_value(_WRITTEN)
        await other.begins()
    await other.task
    await figure_rolls.roll_all()
    assert await database.fetch_value(_WRITTEN) == written


_WRITTEN = "SELECT xmin::text FROM figure_state"


async def test_an_epoch_that_begins_while_others_roll_up_leaves_nobody_as_they_were(db: None) -> None:
    await figure_rolls.roll_all()
    history = await some_movements()
    beginning = Meanwhile(history.anew())
    async with database.transaction():
        assert await figure_rolls.roll() > 0
        await beginning.begins()
    await beginning.task
    assert await differences() == [] and not await figure_rolls.is_current()
    await figure_rolls.roll_all()
    assert await differences() == [] and await kept_comparison.compare() == []
