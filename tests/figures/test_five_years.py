"""The rows of `python -m benchmarks.five_years`, which runs for an hour and not with the tests, are still accepted."""

from datetime import timedelta

import asyncpg

from benchmarks import five_years
from benchmarks.five_year_lives import IN_TURN, lives
from components.foundation import database
from components.insights import invariants
from components.pricing import domestic_tax
from components.pricing.tax import TaxTerms


async def test_a_year_of_the_five_is_written_and_sound(db: None) -> None:
    connection = await asyncpg.connect(database.dsn())
    try:
        for statement in IN_TURN:
            await connection.prepare(statement)
        versions, until = await five_years.plans(connection), five_years.START + timedelta(days=400)
        domestic_tax.set_tax(TaxTerms(five_years.VAT, inclusive=True))
        shop = five_years.Shop(connection)
        for night, writes in five_years.days(lives(8, 60, five_years.START, five_years.END, versions)):
            if night > until:
                break
            await shop.day(night, writes, night)
    finally:
        await connection.close()
    assert {"INSERT INTO subscription", "INSERT INTO paid_period", "INSERT INTO gift_membership"} <= set(shop.written)
    assert await invariants.invariants() == []
