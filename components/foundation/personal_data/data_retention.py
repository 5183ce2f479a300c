"""What is over its period goes, every night, by the same registry that says how long it is kept."""

from datetime import timedelta

import structlog

from components.foundation import clock, database
from components.foundation.personal_data import data_tables

log = structlog.get_logger()


async def drop_what_is_over() -> None:
    """Scheduled. What cannot be dropped tonight is tried again tomorrow, and hinders nothing else."""
    for table in data_tables.declared():
        for period in table.periods:
            if not period.sql:
                continue
            try:
                await database.execute(period.sql, clock.now() - timedelta(days=period.days))
            except Exception:
                log.exception("what is over its period could not be dropped", table=table.table)
