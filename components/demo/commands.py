"""`clubfront demo`."""

import asyncio

import click

from components.demo import building, cast
from components.foundation import database, embedded, migrations, settings


@click.command()
def demo() -> None:
    """Fill an empty shop with Kiln: products, plans, articles, people and two years of orders."""
    asyncio.run(_fill())
    click.echo(cast.introduction())


async def _fill() -> None:
    known = settings.current()
    await database.connect(known.database_url or embedded.start(known.data), pool_size=known.database_pool)
    try:
        await migrations.apply()
        await building.fill()
    finally:
        await database.disconnect()
