"""More people and orders than the demo's story tells, copied in: enough for forecasts, suggestions and experiments.

They come at the same time as the people of the story, and their orders are numbered among those.
"""

import asyncio
from datetime import datetime

import structlog

from components.demo.added.shared_numbers import SharedNumbers
from components.demo.generator import filling
from components.demo.generator.arrivals import OpenedAccount
from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.shop_sizes import ShopSize
from components.foundation import database
from components.insights.behaviour_figures import engagement
from components.insights.forecasts import fitting_process
from components.insights.suggestions import suggestion_job

ADDED = ShopSize(members=700, orders=14_000, years=3, seed=21)
"""On every day of a year so many that suggestions which look at a quiet season find well over the fewest they need."""
log = structlog.get_logger()
_NEXT_NUMBER = "SELECT nextval('order_number')"


async def numbers(told: list[int], today: datetime) -> SharedNumbers:
    """For orders of the story placed at the instants `told`, and for these. Before any of them is placed."""
    added = filling.placed_at(ADDED, int(today.timestamp()))
    return SharedNumbers(await database.fetch_value(_NEXT_NUMBER), told, added)


async def add(base: GeneratedBase, shared: SharedNumbers) -> list[OpenedAccount]:
    """The accounts that were opened."""
    return await filling.write(ADDED, base, shared)


async def work_out() -> None:
    """What otherwise comes in the night: forecasts, in a process of their own, and suggestions. What fails is left to
    the night: the demo is whole without it."""
    for failed in await asyncio.gather(fitting_process.refresh(), _look(), return_exceptions=True):
        if isinstance(failed, BaseException):
            log.warning("the demo could not work something out", trouble=repr(failed))


async def _look() -> None:
    await engagement.work_out()
    await suggestion_job.look_for_all()
