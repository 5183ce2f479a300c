"""Owners read everything the shop runs with; secrets are never among it."""

from dataclasses import fields

import pytest

from components.foundation import settings
from components.foundation.operations import settings_report
from components.foundation.settings import Settings
from tests.support import people
from tests.support.shops import Shop


async def test_owners_see_every_setting_and_where_it_is_set(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get("/staff/settings")
    for one in fields(Settings):
        assert one.name.upper() in page.words, one.name
    assert "Not set (default)" in page.words and "/staff/delivery" in page.links()
    assert settings.current().secret_key not in page.text and "set (not shown)" in page.words


async def test_other_staff_do_not(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["settings"])
    sam = await shop.signed_in("sam@kiln.test")
    page = await sam.get("/staff/settings")
    assert page.status == 403 and "SECRET_KEY" not in page.words
    assert "Back to Today" in page.words and "/staff/orders" not in page.links(), "her own rooms stay in reach"


def test_a_setting_of_the_environment_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_NAME", "Other")
    where = {one.name: one.where for _, told in settings_report.all_settings() for one in told}
    assert where["SHOP_NAME"] == "Environment variable" and len(where) == len(fields(Settings))
