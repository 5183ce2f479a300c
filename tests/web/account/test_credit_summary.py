"""The summary of store credit adds up: what expires when, what later, and what never does."""

from datetime import timedelta

from components.foundation import clock, ids
from components.ledger import credit
from tests.support import people
from tests.support.shops import Shop


async def test_the_parts_of_the_credit_are_what_is_available(shop: Shop) -> None:
    person = await people.customer("noor@kiln.test")
    for amount, days in ((500, 2), (300, 20), (59, 120), (106, 300), (94, 310), (200, 0)):
        expires_at = clock.now() + timedelta(days=days) if days else None
        await credit.grant(person.id, amount, cause=f"test:{ids.new()}", words="Goodwill", expires_at=expires_at)
    page = await (await shop.signed_in("noor@kiln.test")).get("/account/credit")
    summary = page.words.split("Summary")[1].split("Statement")[0]
    assert "Available now £12.59" in summary
    assert summary.count("Expires on") == 3
    assert "Expires later £2.00 Doesn’t expire £2.00" in summary, summary
