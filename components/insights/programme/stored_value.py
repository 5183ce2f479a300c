"""Stored value owed: store credit, cashback and gift memberships that nobody has used yet. Minor units."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from components.foundation import clock, formatting
from components.foundation.database import Query
from components.foundation.money import Money
from components.insights.metrics.retention import FEWEST
from components.insights.metrics.row_pages import FIRST, SIZE, RowKey

CASHBACK, BENEFIT, REFUND, GIVEN, GIFT = "cashback", "benefit", "refund", "given", "gift"
REASONS = (CASHBACK, BENEFIT, REFUND, GIVEN, GIFT)
AGES = ((30, "Up to 30 days"), (90, "31 to 90 days"), (365, "91 days to a year"), (0, "Over a year"))
ENDS = ((30, "Within 30 days"), (90, "In 31 to 90 days"), (365, "In 91 days to a year"), (0, "Later"), (-1, "Never"))
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPart:
    """Of one currency, reason, age and expiry; `held` is kept for orders and renewals that are being paid."""

    currency: str
    reason: str
    age: str
    ends: str
    pending: int
    available: int
    held: int
    number: int

    @property
    def amount(self) -> int:
        return self.pending + self.available + self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTotal:
    """What the accounts of people hold in a currency; `expired` is in them and about to be taken back. `people_owe`:
    cashback that was taken back after it had been spent."""

    currency: str
    balance: int
    expired: int
    people_owe: int

    def in_words(self, amount: int) -> str:
        return formatting.money(Money(amount, self.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiries:
    """Of what ran out in the year before, of one currency: how many amounts, what had been given, and what of it was
    never spent."""

    lots: int
    given: int
    expired: int

    @property
    def share(self) -> Fraction | None:
        """None for fewer than 30."""
        return Fraction(self.expired, self.given) if self.lots >= FEWEST and self.given else None


@dataclass(frozen=True)
class StoredValue:
    at: datetime
    parts: tuple[OwedPart, ...]
    ledgers: tuple[LedgerTotal, ...]
    expiries: Mapping[str, Expiries]
    people: int
    page: tuple[UUID, ...]

    def share_lost(self, currency: str) -> Fraction | None:
        """Of what ran out in the year before."""
        found = self.expiries.get(currency)
        return found.share if found else None

    def total(self, currency: str, *reasons: str) -> int:
        wanted = reasons or REASONS
        return sum(one.amount for one in self.parts if one.currency == currency and one.reason in wanted)

    def by(self, key: Callable[[OwedPart], str], currency: str, order: Iterable[str]) -> list[tuple[str, int, int]]:
        """What is owed for each key in this order: how many amounts, and their sum."""
        mine = [one for one in self.parts if one.currency == currency]
        sums = [(name, [one for one in mine if key(one) == name]) for name in order]
        return [(name, sum(one.number for one in found), sum(one.amount for one in found)) for name, found in sums]

    def likely_to_expire(self, currency: str) -> int | None:
        """What has an end, times the share of what ended in the year before that was never spent, in its currency."""
        share = self.share_lost(currency)
        if share is None:
            return None
        ending = sum(
            one.amount
            for one in self.parts
            if one.currency == currency and one.reason != GIFT and one.ends != ENDS[-1][1]
        )
        return int(ending * share + Fraction(1, 2))


_KEPT_BACK = "account IN (SELECT id FROM insights_ledger_balances WHERE kind = 'reserved' AND balance > 0)"
# Its entries say what currency an amount is in; they need not be asked where people have only one.
_IN_CURRENCY = """
CROSS JOIN (SELECT min(currency) AS least, max(currency) AS most FROM insights_ledger_balances) known
CROSS JOIN LATERAL (SELECT CASE WHEN known.least = known.most THEN known.least
  ELSE (SELECT currency FROM insights_ledger_entries WHERE lot = l.id LIMIT 1) END AS currency) c"""
LOTS = f"""
SELECT l.id, l.person, c.currency, l.given_at AS at, l.expires_at, l.due_at, l.words,
  CASE WHEN l.kind = 'cashback' THEN '{CASHBACK}' WHEN l.benefit IS NOT NULL THEN '{BENEFIT}'
    WHEN l.order_id IS NOT NULL THEN '{REFUND}' ELSE '{GIVEN}' END AS reason,
  l.benefit, l.pending, CASE WHEN l.expires_at <= $1 THEN 0 ELSE l.remaining END AS available, coalesce(r.amount, 0)
    AS held, CASE WHEN l.expires_at <= $1 THEN l.remaining ELSE 0 END AS expired
FROM (SELECT * FROM insights_credit_lots WHERE pending > 0 OR remaining > 0
  UNION ALL SELECT * FROM insights_credit_lots WHERE NOT (pending > 0 OR remaining > 0)
    AND id IN (SELECT lot FROM insights_ledger_entries WHERE {_KEPT_BACK})) l
LEFT JOIN (SELECT lot, sum(amount)::bigint AS amount FROM insights_ledger_entries WHERE {_KEPT_BACK} GROUP BY lot) r
  ON r.lot = l.id
{_IN_CURRENCY}
WHERE l.pending > 0 OR l.remaining > 0 OR r.amount > 0"""
"""What people have, as of the instant `$1`. Cashback may be spent until it ends; what has ended is no longer owed."""
GIFTS = f"""
SELECT g.id, g.buyer AS person, g.currency, g.paid_at AS at, g.expires_at, NULL::timestamptz AS due_at, p.name AS words,
  '{GIFT}' AS reason, NULL::uuid AS benefit, 0::bigint AS pending, g.price AS available, 0::bigint AS held,
  0::bigint AS expired
FROM insights_membership_gifts g JOIN insights_plans p ON p.id = g.plan
WHERE g.redeemed_at IS NULL AND g.refunded_at IS NULL AND g.voided_at IS NULL
  AND holds('-infinity', g.expires_at, $1)"""


def _band(days: str, bands: tuple[tuple[int, str], ...]) -> str:
    cases = " ".join(f"WHEN {days} <= interval '{most} days' THEN '{name}'" for most, name in bands if most > 0)
    return f"CASE {cases} ELSE '{next(name for most, name in bands if most == 0)}' END"


_RAN_OUT = "expires_at > $2 AND expires_at <= $1"
_SQL = f"""
WITH owed AS MATERIALIZED (SELECT id, currency, reason, person, at, expires_at, pending, available, held, expired
  FROM ({LOTS} UNION ALL {GIFTS}) owed)
SELECT json_build_object(
  'parts', (SELECT json_agg(parts) FROM (SELECT currency, reason, {_band("$1::timestamptz - at", AGES)} AS age,
      CASE WHEN expires_at IS NULL THEN '{ENDS[-1][1]}' ELSE {_band("expires_at - $1::timestamptz", ENDS)} END AS ends,
      sum(pending)::bigint AS pending, sum(available)::bigint AS available, sum(held)::bigint AS held,
      count(*) AS number
    FROM owed WHERE pending + available + held > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4) parts),
  'ledgers', (SELECT json_agg(ledgers) FROM (SELECT b.currency,
      coalesce(sum(b.balance) FILTER (WHERE b.kind <> 'owed'), 0)::bigint AS balance,
      coalesce(-sum(b.balance) FILTER (WHERE b.kind = 'owed'), 0)::bigint AS people_owe,
      coalesce((SELECT sum(expired) FROM owed WHERE owed.currency = b.currency), 0)::bigint AS expired
    FROM insights_ledger_balances b WHERE b.balance <> 0 GROUP BY b.currency ORDER BY 1) ledgers),
  'people', (SELECT count(DISTINCT person) FROM owed WHERE pending + available + held > 0 AND reason <> '{GIFT}'),
  'expiries', (SELECT json_object_agg(currency, json_build_object('lots', lots, 'given', given, 'expired', expired))
    FROM (SELECT c.currency, count(*) AS lots, sum(l.amount) AS given, coalesce(sum(e.expired), 0) AS expired
      FROM (SELECT * FROM insights_credit_lots WHERE {_RAN_OUT}) l {_IN_CURRENCY}
      LEFT JOIN (SELECT lot, sum(amount)::bigint AS expired FROM insights_ledger_entries WHERE account_kind = 'expired'
        AND lot IN (SELECT id FROM insights_credit_lots WHERE {_RAN_OUT}) GROUP BY lot) e ON e.lot = l.id
      WHERE c.currency IS NOT NULL GROUP BY c.currency) ran_out),
  'page', (SELECT json_agg(id) FROM (SELECT id FROM owed WHERE pending + available + held > 0
    AND ($3 = '' OR reason = $3) AND (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6) page))"""


def query(reason: str = "", after: RowKey = FIRST) -> Query[StoredValue]:
    """At this moment; `page` are the amounts of a page of rows, and one more if there is one."""
    now = clock.now()
    return Query(_SQL, (now, now - A_YEAR, reason, after.at, after.id, SIZE + 1), lambda found: _read(found, now))


def _read(found: Any, now: datetime) -> StoredValue:
    return StoredValue(
        now,
        tuple(OwedPart(**row) for row in found["parts"] or ()),
        tuple(LedgerTotal(**row) for row in found["ledgers"] or ()),
        {currency: Expiries(**one) for currency, one in (found["expiries"] or {}).items()},
        found["people"],
        tuple(UUID(one) for one in found["page"] or ()),
    )
