"""A machine that finds nothing proves little: each thing it holds is broken once here, and it says so."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from components.memberships.billing import subscription_state
from components.payments import reconcile
from components.payments.stripe_calls import stripe_subscriptions
from tests.random_lives import beginning, words
from tests.random_lives.machine import Lives
from tests.random_lives.stage import Backstage

FAILS_LATER = "4000000000000341"


async def live(dsn: str, story: Callable[[Lives], None]) -> None:
    """From the beginning to the end of a story, beside the event loop."""
    Backstage.loop, Backstage.dsn = asyncio.get_running_loop(), dsn

    def told() -> None:
        life = Lives()
        try:
            story(life)
            Backstage.wait(life.settle())
        finally:
            Backstage.wait(life.world.close())
            life.folder.cleanup()

    await asyncio.to_thread(told)


def cancelled_and_months_pass(life: Lives) -> None:
    life.cancel(who="maya", reason="")
    life.months_pass(months=2)


def a_failing_card_and_months_pass(life: Lives) -> None:
    life.take_another_card(who="maya", card=FAILS_LATER, comes_back=True)
    life.days_pass(days=20)
    life.days_pass(days=18)
    life.days_pass(days=10)


async def test_without_a_fault_these_lives_are_right(db: None, dsn: str) -> None:
    await live(dsn, cancelled_and_months_pass)
    await live(dsn, a_failing_card_and_months_pass)


async def test_a_cancellation_that_never_reaches_the_bank(db: None, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def not_sent(subscription_id: str, **how: Any) -> Any:
        return await stripe_subscriptions.get(subscription_id)

    monkeypatch.setattr(stripe_subscriptions, "cancel_at_period_end", not_sent)
    with pytest.raises(AssertionError, match=r"maya was told: .Membership cancelled"):
        await live(dsn, cancelled_and_months_pass)


async def test_benefits_that_end_too_early_after_a_failed_renewal(
    db: None, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription_state, "GRACE", timedelta(days=1))
    with pytest.raises(AssertionError, match="maya has no benefits"):
        await live(dsn, a_failing_card_and_months_pass)


async def test_a_renewal_of_another_sum_than_was_agreed(db: None, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(life: Lives) -> None:
        life.lives["maya"].fees = {449}
        life.months_pass(months=2)

    with pytest.raises(AssertionError, match="maya was charged 450 for a renewal"):
        await live(dsn, told)


async def test_a_sentence_that_denies_a_charge(db: None, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "denies_a_charge", lambda said: "now on Deluxe" in said)
    with pytest.raises(AssertionError, match="maya paid"):
        await live(dsn, lambda life: life.change_plan(who="maya", plan="deluxe", twice=False))


async def test_a_webhook_that_is_lost_and_never_missed(db: None, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(life: Lives) -> None:
        life.join(who="noor", plan="monthly", card=beginning.GOOD_CARD, comes_back=False)
        life.all_news_is_lost()

    monkeypatch.setattr(reconcile, "fully", reconcile.open_disputes)
    with pytest.raises(AssertionError, match="noor has no benefits"):
        await live(dsn, told)
