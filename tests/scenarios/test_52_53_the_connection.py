"""A wrong key and refused webhooks, as staff and shoppers see them."""

from collections.abc import Iterator

import pytest
import stripe

from components.foundation import settings
from components.payments import stripe_connection
from components.payments.stripe_account import key_alarm
from tests.scenarios.conftest import HOME, Kiln
from tests.scenarios.test_39_deliveries import answer, body_of, signed
from tests.support import people


@pytest.fixture
def rolled(kiln: Kiln, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shop runs with a key that Stripe no longer accepts."""
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_rolled_1")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", settings.current().stripe_webhook_secret)
    settings.current.cache_clear()
    stripe_connection.connect(http_client=kiln.stand_in.http_client())
    key_alarm._Known.written.clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()
    key_alarm._Known.written.clear()


async def test_52_a_rolled_key_is_an_alarm_on_today_and_not_an_outage(kiln: Kiln, rolled: None) -> None:
    await people.owner()
    owner, guest = await kiln.shop.signed_in("iris@kiln.test"), kiln.shop.browser()
    assert "refused our key" not in (await owner.get("/staff")).words
    page = await guest.submit(await kiln.to_checkout(guest), "/checkout", **HOME)
    assert page.status == 503 and "Payments can’t be taken at the moment" in page.words
    assert "You have not been charged" in page.words
    for place in ("/staff", "/staff/payments"):
        words = (await owner.get(place)).words
        assert "Stripe has refused our key since Monday 1 March 2027 at 12:00." in words
        assert "STRIPE_SECRET_KEY" in words
    assert (await guest.get("/products/moon-mug")).status == 200
    assert (await guest.get("/health/live")).status == 200


async def test_52_the_alarm_is_for_those_who_see_payments(kiln: Kiln) -> None:
    await people.staff("sam@kiln.test", ["orders"])
    await people.staff("ada@kiln.test", ["products"])
    key_alarm._Known.written.clear()
    await key_alarm.raised(stripe.PermissionError("The key may not do this."))
    assert "lacks a permission" in (await (await kiln.shop.signed_in("sam@kiln.test")).get("/staff")).words
    assert "lacks a permission" not in (await (await kiln.shop.signed_in("ada@kiln.test")).get("/staff")).words


async def test_53_refused_webhooks_leave_a_trace_that_staff_see(kiln: Kiln) -> None:
    await people.owner()
    owner = await kiln.shop.signed_in("iris@kiln.test")
    assert "Refused webhooks" not in (await owner.get("/staff/payments")).words
    body = body_of()
    for _ in range(3):
        assert await answer(kiln, body, signed(body, secret="whsec_another")) == 400
    assert await answer(kiln, b"x" * 300_000, None) == 413
    words = (await owner.get("/staff/payments")).words
    assert "STRIPE_WEBHOOK_SECRET is another endpoint’s" in words and "Refused webhooks" in words
