"""The migration of thresholds: customers read the same amounts before and after it."""

from importlib import import_module

import pytest

from components.checkout.taxes import tax_rates
from components.foundation import database
from components.foundation.shop_settings import setting_rows
from tests.support import make_delivery, make_plans

MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_29_0180_thresholds_as_prices_are_typed")
_AFTER = """
SELECT (SELECT free_from FROM delivery_method), (SELECT at_least FROM delivery_band),
(SELECT (settings->>'threshold')::bigint AS threshold FROM benefit_version)"""


@pytest.mark.parametrize(
    ("settings", "rates", "after"),
    [
        ({}, (("GB", "", 2000, False),), (6000, 1200, 3000)),
        ({}, (), (5000, 1000, 2500)),
        ({"prices_include_tax": "no"}, (("GB", "", 2000, False),), (5000, 1000, 2500)),
        ({"small_business": "yes"}, (("GB", "", 2000, False),), (5000, 1000, 2500)),
        ({"country": "CA", "tax_region": "BC"}, (("CA", "", 500, False), ("CA", "BC", 700, True)), (5600, 1120, 2800)),
        ({"country": "CA", "tax_region": "ON"}, (("CA", "ON", 1300, False),), (5650, 1130, 2825)),
    ],
)
@pytest.mark.usefixtures("db")
async def test_thresholds_before_tax_become_what_customers_read(
    settings: dict[str, str], rates: tuple, after: tuple[int, int, int]
) -> None:
    await make_delivery.method("Post", "GB", fee=500, basis="price", bands=((1000, 300),), free_from=5000)
    await make_plans.benefit("free_delivery", "Free", threshold=2500)
    if settings:
        await setting_rows.change(settings, by=None)
    for country, region, rate, is_added in rates:
        await tax_rates.set_rate(country, region=region, rate_bp=rate, is_added=is_added)
    for statement in MIGRATION.STATEMENTS:
        await database.execute(statement)
    (row,) = await database.fetch(_AFTER)
    assert tuple(row.values()) == after
