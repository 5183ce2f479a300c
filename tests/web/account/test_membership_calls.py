"""The membership page and Stripe: at most one short call, and an answer when Stripe hangs."""

import time
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.payments.timeouts import request_time
from tests.support import join_members, make_plans
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.standin.http.client import OfflineClient

HERE = "/account/membership"


@pytest.fixture
async def maya(shop: Shop) -> Browser:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await make_plans.club(price=900, interval="month", slug="large")
    return browser


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls that were made, in order."""
    made: list[str] = []
    send = OfflineClient.request_async

    async def noted(self: OfflineClient, method: str, url: str, *rest: Any, **more: Any) -> Any:
        made.append(f"{method.upper()} {url.split('/v1/')[1].split('?')[0]}")
        return await send(self, method, url, *rest, **more)

    monkeypatch.setattr(OfflineClient, "request_async", noted)
    return made


async def test_it_asks_one_thing_once_and_knows_the_card_by_itself(maya: Browser, asked: list[str]) -> None:
    page = await maya.get(HERE)
    assert asked == ["POST invoices/create_preview"]
    assert "Next charge £4.50 on 1 April 2027" in page.words and "about" not in page.words
    assert "Visa ending in 4242" in page.words
    assert (await maya.get(HERE)).words == page.words and len(asked) == 1
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await maya.get(HERE)
    assert len(asked) == 2


async def test_after_a_change_the_sum_is_asked_anew(shop: Shop, maya: Browser) -> None:
    await maya.get(HERE)
    shown = await maya.get(f"{HERE}/plan/large")
    await maya.submit(shown, f"{HERE}/plan/large")
    await shop.catch_up()
    assert "Next charge £9.00" in (await maya.get(HERE)).words


async def test_another_card_is_shown_when_its_events_have_come(shop: Shop, maya: Browser) -> None:
    kept = await shop.pay(await maya.post(f"{HERE}/card", {}), "4000002500003155")
    await maya.get(kept.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    assert "Visa ending in 3155" in (await maya.get(HERE)).words


async def test_when_stripe_hangs_it_answers_and_says_about(shop: Shop, maya: Browser) -> None:
    await maya.get(HERE)
    await database.execute("UPDATE mirrored_subscription SET next_asked_at = NULL, next_amount = NULL")
    shop.stand_in.fault("silent", times=1000, amount=5)
    assert request_time.patience().page < 0.3
    times = []
    for _ in range(5):
        began = time.monotonic()
        page = await maya.get(HERE)
        times.append(time.monotonic() - began)
        assert "Next charge about £4.50" in page.words and "Visa ending in 4242" in page.words
    assert min(times) < 0.3, times
    shop.stand_in.fault("silent", times=0)
