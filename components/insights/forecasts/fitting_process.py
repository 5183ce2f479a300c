"""Fitting takes seconds of arithmetic and forty megabytes of libraries: it is done by a process of its own."""

import asyncio
import os
import sys

import structlog

from components.foundation import database
from components.foundation.operations import child_process
from components.foundation.shop_settings import shop_settings

MODULE = "components.insights.forecasts.fitting_process"
NICENESS = 10
THREADS = "OPENBLAS_NUM_THREADS"
"""How many numpy multiplies with, read when it is loaded: of matrices as small as these one does as much as many, which
would spend the processor on waiting for each other."""
log = structlog.get_logger()


async def refresh() -> None:
    """The job, at night and when staff ask."""
    failed = await child_process.run(MODULE, shop_settings.current().time_zone)
    for words in failed.decode().splitlines():
        log.warning("a forecast could not be worked out", why=words)


async def _main(zone: str) -> None:
    os.environ.setdefault(THREADS, "1")
    from components.insights.forecasts import fitting  # loads numpy and scipy, here and nowhere else

    async with database.opened(child_process.dsn(), pool_size=2):
        await fitting.fit_everything(zone)


if __name__ == "__main__":
    child_process.begin(niceness=NICENESS)
    asyncio.run(_main(sys.argv[1]))
