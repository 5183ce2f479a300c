"""Counts for the staff to-do list, read in one round trip."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from components.foundation import clock
from components.foundation.database import Query
from components.foundation.languages import language
from components.insights.todo.refunds_to_repeat import ONCE_STANDS_FAILED, STANDS_FAILED
from components.insights.todo.taxes_by_hand import TO_ENTER
from components.payments.billing_requests import late_requests
from components.people.privacy import erasure_wishes

LOW = 3
"""Items left at or below which a variant counts as low in stock."""


@dataclass(frozen=True)
class TodoCounts:
    to_ship: int
    oldest_to_ship_days: int
    flagged: int
    taxes_to_enter: int
    refunds_pending: int
    refunds_failed: int
    fee_refunds_failed: int
    gift_refunds_failed: int
    term_refunds_failed: int
    gifts_refunded_in_use: int
    terms_refunded: int
    fees_refunded: int
    disputes_open: int
    disputes_answer_by: int
    disputes_lost: int
    fraud_warnings: int
    differences: int
    renewals_failing: int
    jobs_parked: int
    payments_parked: int
    requests_unsettled: int
    webhooks_refused: int
    mismatches: int
    emails_failed: int
    erasures_waiting: int
    email_texts_unusable: int
    email_texts_languages: str
    pictures_waiting: int
    pictures_missing: int
    cancellations_said: int
    withdrawals_open: int
    experiments_stopped: int
    low_stock: int

    @property
    def is_empty(self) -> bool:
        return not any(vars(self).values())

    @property
    def first_answer_by(self) -> datetime | None:
        """The nearest deadline of a dispute."""
        return datetime.fromtimestamp(self.disputes_answer_by, UTC) if self.disputes_answer_by else None


IS_TO_SHIP = "paid_at IS NOT NULL AND stock_taken_at IS NOT NULL AND fulfilled_at IS NULL"
"""As the index `orders_to_ship` has it, so that it is used."""
_NEEDS_ANSWER = "status IN ('needs_response', 'warning_needs_response')"
_SQL = f"""SELECT json_build_object(
  'to_ship', waiting.orders,
  'oldest_to_ship_days', coalesce(floor(extract(epoch FROM $1::timestamptz - waiting.since) / 86400), 0)::int,
  'flagged', (SELECT count(*) FROM insights_orders WHERE flagged_at IS NOT NULL),
  'taxes_to_enter', (SELECT count(*) FROM ({TO_ENTER}) waiting),
  'refunds_pending', (SELECT count(*) FROM insights_refunds WHERE status IN ('asked', 'pending')),
  'refunds_failed', (SELECT count(*) FROM insights_refunds WHERE status = 'failed'),
  'fee_refunds_failed', (SELECT count(*) FROM insights_fee_refunds f WHERE {STANDS_FAILED}),
  'gift_refunds_failed', (SELECT count(*) FROM insights_paid_once_refunds f
    WHERE is_gift AND {ONCE_STANDS_FAILED}),
  'term_refunds_failed', (SELECT count(*) FROM insights_paid_once_refunds f
    WHERE NOT is_gift AND {ONCE_STANDS_FAILED}),
  'gifts_refunded_in_use', (SELECT count(DISTINCT reference) FROM insights_paid_once_refunds
    WHERE is_gift AND is_undecided AND goes_on_until > $1),
  'terms_refunded', (SELECT count(DISTINCT reference) FROM insights_paid_once_refunds
    WHERE NOT is_gift AND is_undecided AND goes_on_until > $1),
  'fees_refunded', (SELECT count(DISTINCT invoice) FROM insights_fee_refunds WHERE is_undecided),
  'disputes_open', (SELECT count(*) FROM insights_disputes WHERE {_NEEDS_ANSWER}),
  'disputes_answer_by', (SELECT coalesce(extract(epoch FROM min(answer_by))::bigint, 0)
    FROM insights_disputes WHERE {_NEEDS_ANSWER}),
  'disputes_lost', (SELECT count(*) FROM insights_disputes WHERE status = 'lost' AND reviewed_at IS NULL),
  'fraud_warnings', (SELECT count(*) FROM insights_fraud_warnings WHERE is_actionable AND decided_at IS NULL),
  'differences', (SELECT count(*) FROM insights_differences WHERE gone_at IS NULL AND explained_at IS NULL),
  'renewals_failing', (SELECT count(*) FROM insights_subscriptions WHERE status IN ('past_due', 'unpaid')),
  'jobs_parked', (SELECT count(*) FROM insights_jobs WHERE status = 'failed'),
  'payments_parked', (SELECT count(*) FROM insights_payment_events WHERE parked_at IS NOT NULL AND handled_at IS NULL),
  'requests_unsettled', (SELECT count(*) FROM insights_billing_requests
    WHERE settled_at IS NULL AND asked_at <= $2),
  'webhooks_refused', (SELECT coalesce(sum(times), 0) FROM insights_refused_deliveries
    WHERE last_at > $1::timestamptz - interval '1 day'),
  'mismatches', (SELECT count(*) FROM insights_payment_mismatches WHERE settled_at IS NULL),
  'erasures_waiting', (SELECT count(*) FROM insights_erasure_wishes WHERE erasure_wanted_at <= $4),
  'emails_failed', (SELECT count(*) FROM insights_emails WHERE failed_at IS NOT NULL AND sent_at IS NULL),
  'email_texts_unusable', (SELECT count(*) FROM insights_email_text_troubles WHERE language = ANY($3)),
  'email_texts_languages', (SELECT coalesce(string_agg(DISTINCT language, ' '), '')
    FROM insights_email_text_troubles WHERE language = ANY($3)),
  'pictures_waiting', (SELECT count(*) FROM insights_picture_fetches WHERE state = 'waiting'),
  'pictures_missing', (SELECT count(*) FROM insights_picture_fetches
    WHERE state IN ('refused', 'given_up') AND wanted_at > now() - interval '30 days'),
  'withdrawals_open', (SELECT count(*) FROM insights_withdrawals WHERE settled_at IS NULL),
  'cancellations_said', (SELECT count(*) FROM insights_cancellation_notices WHERE settled_at IS NULL),
  'experiments_stopped', (SELECT count(*) FROM insights_experiments WHERE stopped_by_itself AND seen_at IS NULL),
  'low_stock', (SELECT count(*) FROM insights_variants v JOIN insights_products p ON p.id = v.product
    WHERE p.status = 'active' AND v.withdrawn_at IS NULL AND v.tracks_stock AND NOT v.sells_when_out
      AND v.on_hand - v.reserved <= {LOW}))
FROM (SELECT count(*) AS orders, min(o.paid_at) AS since FROM insights_orders o
  WHERE {IS_TO_SHIP}
    AND o.total > (SELECT coalesce(sum(r.amount), 0) FROM insights_refunds r
      WHERE r.order_id = o.id AND r.status <> 'failed')) waiting"""


def query() -> Query[TodoCounts]:
    now = clock.now()
    used = [*language.offered(), language.STAFF]
    return Query(_SQL, (now, now - late_requests.LATE, used, now - erasure_wishes.OLD), _read)


def _read(found: Any) -> TodoCounts:
    return TodoCounts(**found)


@dataclass(frozen=True)
class LowStock:
    slug: str
    title: str
    variant: str
    left: int


def low_stock(*, most: int = 12) -> Query[tuple[LowStock, ...]]:
    """The lowest stock first."""
    return Query(_LOW_STOCK, (LOW, most), lambda found: tuple(LowStock(**one) for one in found or ()))


_LOW_STOCK = """SELECT json_agg(json_build_object(
    'slug', low.slug, 'title', low.title, 'variant', low.variant, 'left', low.remaining)
    ORDER BY low.remaining, low.title, low.position)
  FROM (SELECT p.slug, p.title, v.title AS variant, v.on_hand - v.reserved AS remaining, v.position
    FROM insights_variants v JOIN insights_products p ON p.id = v.product
    WHERE p.status = 'active' AND v.withdrawn_at IS NULL AND v.tracks_stock AND NOT v.sells_when_out
      AND v.on_hand - v.reserved <= $1
    ORDER BY v.on_hand - v.reserved, p.title, v.position LIMIT $2) low"""
