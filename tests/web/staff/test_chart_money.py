"""The axis of a chart writes amounts as the language does, without the smaller unit."""

import pytest

from components.foundation.languages import language
from components.foundation.shop_settings import setting_rows
from tests.support.shops import Shop
from web.staff.reports.charts import units


@pytest.mark.parametrize(("code", "written"), [("en", "€8"), ("de", "8\xa0€")])
async def test_the_axis_writes_the_sign_where_the_language_has_it(shop: Shop, code: str, written: str) -> None:
    await setting_rows.change({"currency": "EUR"}, by=None)
    with language.speaking(code):
        assert units.money().axis(800) == written
