"""Codes of gifts expire by the shop's rule, never sooner than its country's, and are told everywhere before they do."""

from datetime import UTC, datetime, timedelta

import pytest

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows, shop_settings
from components.memberships.grants import gift_codes, gift_expiry, gift_memberships
from components.memberships.grants.gift_memberships import GiftExpired
from components.messaging.emails import gift_emails
from tests.components.memberships.test_gift_codes import bought
from tests.support import people
from tests.support.cells import every_cell
from tests.support.shops import Shop

BOUGHT = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CELLS = [
    ("GB", 0, None), ("US", 0, None), ("DE", 0, None),
    ("GB", 1, datetime(2028, 3, 2, tzinfo=UTC)),
    ("US", 1, datetime(2032, 3, 2, tzinfo=UTC)), ("US", 7, datetime(2034, 3, 2, tzinfo=UTC)),
    ("DE", 1, datetime(2031, 1, 1, tzinfo=UTC)), ("DE", 5, datetime(2032, 3, 2, tzinfo=UTC)),
    ("IE", 1, datetime(2032, 3, 2, tzinfo=UTC)), ("AU", 1, datetime(2030, 3, 2, tzinfo=UTC)),
    ("NZ", 2, datetime(2030, 3, 2, tzinfo=UTC)), ("AT", 5, datetime(2057, 3, 2, tzinfo=UTC)),
    ("CA", 3, None),
]  # fmt: skip
"""Country, the setting, and the first instant at which the code no longer works, by London's time."""


@every_cell(("country", "years", "ends"), CELLS)
def test_the_longer_of_the_setting_and_the_law_counts(country: str, years: int, ends: datetime | None) -> None:
    with shop_settings.trying({"country": country, "gift_years": str(years)}):
        assert gift_expiry.expires_at(BOUGHT) == ends
        leap = gift_expiry.expires_at(datetime(2028, 2, 29, 12, tzinfo=UTC))
        assert (leap is None) == (ends is None)
        if (country, years) == ("GB", 1):
            assert leap == datetime(2029, 3, 1, tzinfo=UTC), "29 February counts to the end of the 28th"
            late = gift_expiry.expires_at(datetime(2027, 6, 30, 23, 30, tzinfo=UTC))
            assert late == datetime(2028, 7, 1, 23, tzinfo=UTC), "1 July there already"


async def test_it_is_told_reminded_of_once_and_refused_from_that_midnight_on(shop: Shop) -> None:
    await setting_rows.change({"gift_years": "2"}, by=None)
    gift = await bought(shop)
    code, ends = gift_codes.code_of(gift), gift.expires_at
    assert ends is not None and ends.year == clock.now().year + 2
    until = f"{(ends - SECOND).day} {(ends - SECOND):%B %Y}"
    clock.set_everywhere(clock.now() + SECOND)
    await setting_rows.change({"gift_years": "0"}, by=None)
    await setting_rows.refresh()
    noor = await shop.signed_in("noor@kiln.test")
    assert f"Redeem by {until}" in (await noor.get("/account/given")).words
    assert f"Redeem it by {until}" in (await shop.browser().get(f"/gifts/redeem?code={code}")).words
    assert "can be redeemed until" not in (await noor.get("/gifts")).words, "what is bought now does not expire"
    sent = {row["template"]: row["text"] for row in await database.fetch("SELECT template, text FROM email")}
    assert f"Redeem it by {until}" in sent["gift"] and f"until {until}" in sent["gift_receipt"]
    clock.set_everywhere(ends - timedelta(days=31))
    await gift_emails.send_expiry_notices()
    assert await _reminders() == []
    clock.set_everywhere(ends - timedelta(days=30))
    for _ in range(2):
        await gift_emails.send_expiry_notices()
    (text,) = await _reminders()
    assert f"until {until}" in text
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    assert "still work = £39.00" in (await iris.get("/staff/metrics/figures/gift-codes")).words
    clock.set_everywhere(ends - SECOND)
    assert (await gift_memberships.by_code(code)).id == gift.id
    clock.set_everywhere(ends)
    with pytest.raises(GiftExpired):
        await gift_memberships.redeem(code, person_id=gift.buyer)
    refused = await shop.browser().get(f"/gifts/redeem?code={code}")
    assert "This gift code has expired." in refused.words
    iris = await shop.signed_in("iris@kiln.test")
    figure = await iris.get("/staff/metrics/figures/gift-codes")
    assert "still work = £0.00" in figure.words and "365 days: £39.00" in figure.words
    assert "Expired" in (await iris.get("/staff/gift-memberships")).words


async def _reminders() -> list[str]:
    return await database.fetch_values("SELECT text FROM email WHERE template = 'gift_expiring'")
