"""A dearer plan within a paid month: every page and e-mail has the fee, what was deducted, and what was charged."""

from datetime import timedelta
from decimal import Decimal

import pytest

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from tests.scenarios.test_48_fee_refunds import Kiln, iris
from tests.support import join_members
from tests.web.shop.test_fee_codes_paid_once import INVOICES

HERE, CHANGE = "/account/membership", "/account/membership/plan/annual"


@pytest.mark.parametrize("language", ["", "de"])
async def test_the_fee_less_unused_time_is_what_was_charged(kiln: Kiln, language: str) -> None:
    staff = await iris(kiln)
    await setting_rows.change({**INVOICES, "shop_languages": "de"}, by=None)
    await kiln.shop.refresh()
    maya = await join_members.joins(kiln.shop, kiln.monthly)
    await database.execute("UPDATE person SET language = $1 WHERE email = $2", language, join_members.MAYA)
    clock.set_everywhere(clock.now() + timedelta(days=10))
    await kiln.work()
    shown = await maya.get(CHANGE)
    await maya.submit(shown, CHANGE)
    await kiln.work()
    (paid,) = await database.fetch("SELECT * FROM mirrored_invoice WHERE reason = 'subscription_update'")
    assert paid["unused"] > 0 and paid["total"] + paid["unused"] == 3900, dict(paid)
    fee, unused, charged = (f"£{Decimal(one) / 100:.2f}" for one in (3900, paid["unused"], paid["total"]))
    if not language:
        rows = (await maya.get(HERE)).words
        assert f"{charged} {fee} less {unused} for unused time on the plan before" in rows, rows
        assert "1 March 2027 to 1 April 2027" in rows, "what was paid for then, as its invoice says"
        assert "11 March 2027 to 11 March 2028" in rows
    person = await join_members.person()
    told = (await staff.get(f"/staff/members/{person}")).words
    assert f"{charged} {fee} less {unused} for unused time on the plan before" in told, told
    (mail,) = await database.fetch_values("SELECT text FROM email WHERE template = 'payment_receipt'")
    words = "Nicht genutzte Zeit Ihres bisherigen Tarifs" if language else "Unused time on your previous plan"
    sums = [one.replace("£", "") for one in (fee, unused, charged)]
    said = mail.replace("\xa0", " ").replace(",", ".")
    assert words in mail and all(one in said for one in sums), mail
    invoice = await database.fetch_value(
        "SELECT document::text FROM invoice WHERE cause = $1", f"fee:{paid['stripe_id']}"
    )
    assert words in invoice and f'"amount":{paid["unused"]}' in invoice.replace(" ", ""), invoice
    assert await kiln.broken() == []
