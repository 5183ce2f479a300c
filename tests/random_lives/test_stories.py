"""Life stories whose news comes in order, and the same stories whose news does not: the shop ends the same.

A story is a list of the things that may happen to three people (the rules of this folder, without what the bank and the
post do wrong). A handful are told here; `make stories` tells more than a hundred.
"""

import asyncio
import os
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from components.foundation import database
from tests.random_lives.disorder import LivesInDisorder
from tests.random_lives.machine import Lives
from tests.random_lives.stage import Backstage, all_that_happens
from tests.random_lives.weather import Weather

STORIES = int(os.environ.get("STORIES", "6"))
EACH = 6
TIME_PASSES = ("hours_pass", "days_pass", "months_pass")
HAPPENS = {
    name: drawn
    for name, drawn in all_that_happens(Lives).items()
    if name in TIME_PASSES or name not in all_that_happens(Weather)
}

ENDING = {
    "orders": "SELECT total, credit, paid_at, cancelled_at, flagged_at FROM orders",
    "refunds": "SELECT amount, status FROM refund",
    "refunds asked of the bank": "SELECT amount, refused FROM requested_refund",
    "stock": "SELECT on_hand, reserved FROM variant",
    "stock movements": "SELECT change, kind FROM stock_movement",
    "subscriptions": "SELECT payer, status, cancel_at, ended_at, current_period_end, past_due_since FROM subscription",
    "memberships": "SELECT holder, p.slug, source, starts_at, ends_at FROM membership m JOIN plan p ON p.id = m.plan",
    "entitlements": "SELECT person, b.name, from_at, until_at FROM entitlement e JOIN benefit b ON b.id = e.benefit",
    "paid periods": """SELECT date_trunc('minute', starts_at + interval '30 seconds') AS starts_at,
      date_trunc('minute', ends_at + interval '30 seconds') AS ends_at, amount FROM paid_period""",
    "gifts": "SELECT paid_at IS NOT NULL, redeemed_by, begun_at, refunded_at FROM gift_membership",
    "terms": "SELECT payer, paid_at IS NOT NULL, lapsed_at FROM paid_term",
    "seats": "SELECT payer, holder, ended_at FROM seat",
    "plan changes": "SELECT amount, is_now, applied_at, why_dropped FROM plan_change",
    "pauses": "SELECT from_at, until_at, begun_at, ended_at FROM pause",
    "price moves": "SELECT renews_at, moved_at FROM price_move",
    "trials": "SELECT person, at FROM trial",
    "benefit uses": "SELECT kind, regular, paid FROM benefit_use",
    "e-mails": r"SELECT template, recipient, regexp_replace(subject, 'K-\d+', 'K') AS subject FROM email",
    "MRR": "SELECT person, amount, balance, kind, turn FROM movement",
    "paid at the bank": "SELECT reason, status, amount_paid FROM mirrored_invoice",
    "stuck": "SELECT type FROM inbox_event WHERE handled_at IS NULL",
}


def stories() -> Any:
    happening = st.one_of(st.tuples(st.just(name), st.fixed_dictionaries(drawn)) for name, drawn in HAPPENS.items())
    return st.lists(happening, min_size=6, max_size=12)


def lived(kind: type[Lives], story: list[tuple[str, dict[str, Any]]]) -> dict[str, list[str]]:
    """From the beginning to the end of the story, and what is in the database then."""
    life = kind()
    try:
        for name, given_ in story:
            getattr(life, name)(**given_)
        Backstage.wait(life.settle())
        return {what: sorted(map(str, Backstage.wait(database.fetch(sql)))) for what, sql in ENDING.items()}
    finally:
        Backstage.wait(life.world.close())
        life.folder.cleanup()


@pytest.mark.parametrize("shard", range(max(1, STORIES // EACH)))
async def test_news_in_disorder_ends_as_news_in_order(db: None, dsn: str, shard: int) -> None:
    Backstage.loop, Backstage.dsn = asyncio.get_running_loop(), dsn

    @hypothesis.seed(shard)
    @hypothesis.settings(
        max_examples=EACH, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(stories())
    def told(story: list[tuple[str, dict[str, Any]]]) -> None:
        in_order, in_disorder = lived(Lives, story), lived(LivesInDisorder, story)
        differing = {
            what: (in_order[what], in_disorder[what]) for what in ENDING if in_order[what] != in_disorder[what]
        }
        assert not differing, differing
        assert in_order["stuck"] == []

    await asyncio.to_thread(told)


def test_stories_are_told_of_most_that_can_happen() -> None:
    assert len(HAPPENS) >= 25
