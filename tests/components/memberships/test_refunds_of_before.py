"""The migrations that gave refunds of gifts and of terms rows of their own: what a shop had before is carried over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from tests.support import make_plans

_FILE = "piccolo_migrations.clubfront_2026_11_29_{}"
GIFTS = import_module(_FILE.format("0091_refunds_of_gifts_are_recorded")).STATEMENTS
TERMS = import_module(_FILE.format("0093_refunds_of_terms_are_recorded")).STATEMENTS
TOGETHER = import_module(_FILE.format("0153_refunds_of_gifts_and_terms_together")).STATEMENTS
PRICE, DAY = 3900, timedelta(days=1)


class Undone(Exception):
    pass


class Made(NamedTuple):
    """A refund that Stripe has told of; without `is_ours` somebody made it in Stripe's dashboard."""

    amount: int
    status: str = "succeeded"
    is_ours: bool = False
    days: int = 3


class Before(NamedTuple):
    """A gift as it was. `asked` is what our own request became: answered, open or refused."""

    made: tuple[Made, ...] = ()
    asked: str = ""
    is_marked: bool = False
    is_redeemed: bool = False


OURS = {"is_ours": True}
BEFORE: Mapping[str, Before] = {
    "ours": Before((Made(PRICE, **OURS),), "answered", is_marked=True),
    "ours, under way": Before((Made(PRICE, "pending", **OURS),), "answered", is_marked=True),
    "ours, failed at the bank": Before((Made(PRICE, "failed", **OURS),), "answered", is_marked=True),
    "ours, told of before its answer": Before((Made(PRICE, **OURS),), "open", is_marked=True),
    "ours, not answered": Before((), "open", is_marked=True),
    "ours, refused": Before((), "refused", is_marked=True),
    "marked, never asked for": Before((), is_marked=True),
    "in part": Before((Made(1000),)),
    "in part, and nothing": Before((Made(1000), Made(0, "cancelled"))),
    "in two parts, redeemed": Before((Made(1000, days=1), Made(2900, days=2)), is_redeemed=True),
    "in two parts, one cancelled": Before((Made(1000), Made(2900, "cancelled"))),
    "in two parts, one waits": Before((Made(1000), Made(2900, "requires_action", days=4))),
    "none": Before(),
}
AFTER = {
    "ours": ("2", "3900 succeeded ours"),
    "ours, under way": ("2", "3900 pending ours"),
    "ours, failed at the bank": ("", "3900 failed ours"),
    "ours, told of before its answer": ("2", "3900 succeeded ours"),
    "ours, not answered": ("2", "3900 asked ours"),
    "ours, refused": ("", "3900 failed ours"),
    "marked, never asked for": ("", ""),
    "in part": ("", "1000 succeeded Stripe"),
    "in part, and nothing": ("", "1000 succeeded Stripe"),
    "in two parts, redeemed": ("2", "1000 succeeded Stripe, 2900 succeeded Stripe"),
    "in two parts, one cancelled": ("", "1000 succeeded Stripe, 2900 failed Stripe"),
    "in two parts, one waits": ("4", "1000 succeeded Stripe, 2900 pending Stripe"),
    "none": ("", ""),
}
"""On which day it is refunded in whole, and its refunds."""
STAFF = UUID(int=7)
TABLES_OF_THEN = (
    """CREATE TABLE gift_refund (id uuid PRIMARY KEY, gift uuid NOT NULL, amount bigint NOT NULL,
       currency varchar(3) NOT NULL, reason varchar(300) NOT NULL DEFAULT '', status varchar(12) NOT NULL,
       stripe_id varchar(80) UNIQUE, at timestamptz NOT NULL, by uuid, settled_at timestamptz,
       reviewed_at timestamptz, reviewed_by uuid)""",
    """CREATE TABLE term_refund (stripe_id varchar(80) PRIMARY KEY, term uuid NOT NULL, amount bigint NOT NULL,
       currency varchar(3) NOT NULL, status varchar(12) NOT NULL, at timestamptz NOT NULL,
       reviewed_at timestamptz, reviewed_by uuid)""",
)
_FOUND = """
SELECT g.recipient_name AS name, coalesce(extract(day FROM g.refunded_at - $1)::text, '') AS day,
  coalesce(string_agg(concat_ws(' ', r.amount, r.status, CASE
    WHEN r.id = g.id AND r.by = $2 AND r.reason = '' THEN 'ours'
    WHEN r.id <> g.id AND r.by IS NULL AND r.reason = 'Made in Stripe' THEN 'Stripe' END), ', ' ORDER BY r.amount), '')
    AS refunds,
  coalesce(bool_and((r.settled_at IS NULL) = (r.status IN ('pending', 'asked') OR r.stripe_id IS NULL)), true)
    AS is_dated
FROM gift_membership g LEFT JOIN gift_refund r ON r.gift = g.id GROUP BY g.id
"""
_DIFFERENT = """
SELECT count(*) FROM (
  (SELECT gift, NULL::uuid AS term, amount, status, stripe_id, by, at FROM gift_refund
   UNION ALL SELECT NULL, term, amount, status, stripe_id, NULL, at FROM term_refund)
  EXCEPT ALL SELECT gift, term, amount, status, stripe_id, by, at FROM paid_once_refund) AS different
"""


async def test_refunds_of_gifts_and_terms_made_before_they_had_rows_are_carried_over(db: None) -> None:
    at, version = clock.now(), (await make_plans.club(price=PRICE)).version_id
    with pytest.raises(Undone):
        async with database.transaction():
            for statement in TABLES_OF_THEN:
                await database.execute(statement)
            for name, gift in BEFORE.items():
                await gift_of_before(name, gift, version, at)
            for status in ("succeeded", "pending", "requires_action", "failed", "cancelled", ""):
                await term_of_before(status, version, at)
            await mirrored(ids.new(), Made(500), at)  # of an order
            for statement in (*GIFTS, *TERMS):
                if not statement.startswith(("ALTER", "CREATE")):
                    await database.execute(statement)
            found = await database.fetch(_FOUND, at, STAFF)
            assert {row["name"]: (row["day"], row["refunds"]) for row in found} == AFTER
            assert all(row["is_dated"] for row in found)
            terms = await database.fetch("SELECT term, status, amount, at FROM term_refund ORDER BY status")
            assert [row["status"] for row in terms] == ["failed", "failed", "pending", "pending", "succeeded"]
            assert {(row["amount"], row["at"]) for row in terms} == {(PRICE, at + 3 * DAY)}
            for statement in TOGETHER:
                if statement.startswith("INSERT"):
                    await database.execute(statement)
            assert await database.fetch_value(_DIFFERENT) == 0, "all are in the table that took their place"
            raise Undone


async def gift_of_before(name: str, gift: Before, version: UUID, at: datetime) -> None:
    gift_id = ids.new()
    await database.execute(
        """INSERT INTO gift_membership (id, buyer, plan_version, giver_name, recipient_name, recipient_email, send_at,
          created_at, paid_at, redeemed_at, redeemed_by, refunded_at, refunded_by)
        VALUES ($1, $1, $2, 'Maya', $3, 'theo@kiln.test', $4, $4, $4, $5, $6, $7, $8)""",
        gift_id, version, name, at, at if gift.is_redeemed else None,
        STAFF if gift.is_redeemed else None, at + 2 * DAY if gift.is_marked else None,
        STAFF if gift.is_marked else None,
    )  # fmt: skip
    made = [await mirrored(gift_id, one, at) for one in gift.made]
    if gift.asked:
        await database.execute(
            """INSERT INTO requested_refund (key, reference_id, payment_intent, amount, currency, asked_at, stripe_id,
              refused) VALUES ($1, $1, 'pi', $2, 'GBP', $3, $4, $5)""",
            gift_id, PRICE, at + 2 * DAY, made[0] if gift.asked == "answered" else None,
            "expired_or_canceled_card" if gift.asked == "refused" else None,
        )  # fmt: skip


async def term_of_before(status: str, version: UUID, at: datetime) -> None:
    """One without a status was never refunded."""
    term_id = ids.new()
    await database.execute(
        "INSERT INTO paid_term (id, payer, plan_version, created_at, paid_at) VALUES ($1, $1, $2, $3, $3)",
        term_id, version, at,
    )  # fmt: skip
    if status:
        await mirrored(term_id, Made(PRICE, status), at)


async def mirrored(reference: UUID, made: Made, at: datetime) -> str:
    stripe_id = f"re_{ids.new()}"
    values: list[Any] = [stripe_id, reference, reference if made.is_ours else None, made.status, made.amount]
    await database.execute(
        """INSERT INTO mirrored_refund (stripe_id, reference_id, key, status, amount, currency, failure, created_at,
          mirrored_at) VALUES ($1, $2, $3, $4, $5, 'GBP', '', $6, $7)""",
        *values, at + made.days * DAY, at + 5 * DAY,
    )  # fmt: skip
    return stripe_id
