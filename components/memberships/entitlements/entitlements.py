"""Who holds what at an instant: asked of the rows, never of a session."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from components.foundation import clock, database, json
from components.foundation.database import Query, TextQuery
from components.memberships.entitlements.customer_entitlements import (
    CustomerEntitlements,
    HeldBenefit,
    HeldPlan,
    MembershipOnHold,
)

_SQL = """
WITH who AS MATERIALIZED (SELECT {person} AS id)
SELECT CASE WHEN who.id IS NULL THEN NULL ELSE json_build_object(
  'plans', (
    SELECT json_agg(json_build_object('membership', m.id, 'slug', p.slug, 'name', p.name, 'source', m.source,
        'free', m.source = 'free', 'variant', m.variant, 'from', m.starts_at, 'until', m.ends_at, 'subscription', s.id,
        'status', s.status, 'period_end', s.current_period_end, 'cancel_at', s.cancel_at)
      ORDER BY m.starts_at, m.id)
    FROM membership m JOIN plan p ON p.id = m.plan
    LEFT JOIN subscription s ON s.id = m.source_id AND m.source = 'subscription'
    WHERE m.holder = who.id AND holds(m.starts_at, m.ends_at, {at})),
  'held', (
    SELECT json_agg(json_build_array(b.id, b.kind, b.name, v.settings::text, e.from_at, e.until_at, (
          SELECT min(o.from_at) FROM entitlement o JOIN membership om ON om.id = o.membership
          WHERE o.person = e.person AND o.benefit = e.benefit AND om.source_id = m.source_id AND o.from_at <= {at}),
        e.because_of) ORDER BY e.from_at, (
          SELECT max(pb.position) FROM plan_benefit pb WHERE pb.plan = m.plan AND pb.benefit = e.benefit), e.id)
    FROM entitlement e JOIN membership m ON m.id = e.membership JOIN benefit b ON b.id = e.benefit
    JOIN benefit_version v ON v.benefit = b.id AND holds(v.from_at, v.until_at, {at})
    WHERE e.person = who.id AND holds(e.from_at, e.until_at, {at})),
  'owes', EXISTS (SELECT FROM subscription s WHERE s.payer = who.id AND s.status IN ('past_due', 'unpaid')),
  'on_hold', coalesce((
    SELECT json_build_object('name', p.name, 'owes', s.status IN ('past_due', 'unpaid'), 'until', u.until_at,
        'ends', s.cancel_at, 'variant', {variant})
    FROM subscription s JOIN plan_version v ON v.id = s.plan_version JOIN plan p ON p.id = v.plan
    LEFT JOIN pause u ON u.subscription = s.id AND u.ended_at IS NULL AND holds(u.from_at, u.until_at, {at})
      AND (u.arranged_at IS NOT NULL OR u.paid_left IS NULL)
    WHERE s.payer = who.id AND s.status NOT IN ('cancelled', 'lapsed')
      AND (u.id IS NOT NULL OR s.status IN ('past_due', 'unpaid', 'paused'))
      AND NOT EXISTS (SELECT FROM membership m WHERE m.source = 'subscription' AND m.source_id = s.id
        AND holds(m.starts_at, m.ends_at, {at}))), (
    SELECT json_build_object('name', p.name, 'owes', false, 'until', u.until_at, 'ends', s.cancel_at,
      'giver', coalesce(nullif(g.name, ''), g.email, ''), 'variant', {variant})
    FROM seat t JOIN subscription s ON s.id = t.source_id AND s.status NOT IN ('cancelled', 'lapsed')
    JOIN plan_version v ON v.id = s.plan_version JOIN plan p ON p.id = v.plan
    LEFT JOIN memberships_people g ON g.id = t.payer
    LEFT JOIN pause u ON u.subscription = s.id AND u.ended_at IS NULL AND holds(u.from_at, u.until_at, {at})
      AND (u.arranged_at IS NOT NULL OR u.paid_left IS NULL)
    WHERE t.holder = who.id AND t.ended_at IS NULL AND t.taken_at <= {at}
      AND (s.cancel_at IS NULL OR s.cancel_at > {at})
      AND NOT EXISTS (SELECT FROM membership m WHERE m.source = 'subscription' AND m.source_id = s.id
        AND holds(m.starts_at, m.ends_at, {at}))
    ORDER BY t.taken_at DESC LIMIT 1))
) END FROM who
"""

_VARIANT = """(SELECT m.variant FROM membership m WHERE m.source_id = s.id
      ORDER BY m.starts_at DESC, m.ends_at DESC LIMIT 1)"""
"""Of a subscription's last membership: what it gives when it goes on."""


def query(person_sql: str, *args: Any, at: datetime, types: tuple[str, ...] = ()) -> Query[CustomerEntitlements]:
    """The standing, at an instant, of the person that `person_sql` (with `args` as $1, $2 …) yields."""
    return TextQuery(_about(person_sql, f"${len(args) + 1}"), (*args, at), _read, (*types, "timestamptz"))


@lru_cache(maxsize=20)
def _about(person_sql: str, instant: str) -> str:
    return _SQL.format(person=person_sql, at=instant, variant=_VARIANT)


async def for_person(person_id: UUID, at: datetime | None = None) -> CustomerEntitlements:
    """As of any instant, past or future; now when none is given."""
    (found,) = await database.batch(query("$1::uuid", person_id, at=at or clock.now()))
    return found if isinstance(found, CustomerEntitlements) else CustomerEntitlements.NONE


@lru_cache(maxsize=1_000)
def _read(text: str | None) -> CustomerEntitlements:
    """Only these rows decide, so the same rows always give the same standing."""
    found = json.load(text) if text else None
    if not found or not (found["plans"] or found["held"] or found["owes"] or found["on_hold"]):
        return CustomerEntitlements.NONE
    return CustomerEntitlements(
        tuple(_plan(one) for one in found["plans"] or ()),
        tuple(_held(*one) for one in found["held"] or ()),
        owes=found["owes"],
        on_hold=_on_hold(found["on_hold"]),
    )


def _on_hold(one: dict[str, Any] | None) -> MembershipOnHold | None:
    if one is None:
        return None
    until, ends_at = _instant_or_none(one["until"]), _instant_or_none(one["ends"])
    return MembershipOnHold(
        plan_name=one["name"], owes=one["owes"], until=until, ends_at=ends_at, giver=one.get("giver", ""),
        variant=UUID(one["variant"]) if one["variant"] else None,
    )  # fmt: skip


def _plan(one: dict[str, Any]) -> HeldPlan:
    return HeldPlan(
        membership_id=UUID(one["membership"]),
        plan_slug=one["slug"],
        plan_name=one["name"],
        source=one["source"],
        is_free=one["free"],
        from_at=_instant(one["from"]),
        until_at=_instant_or_none(one["until"]),
        subscription_id=UUID(one["subscription"]) if one["subscription"] else None,
        status=one["status"],
        period_end=_instant_or_none(one["period_end"]),
        cancel_at=_instant_or_none(one["cancel_at"]),
        variant=UUID(one["variant"]) if one["variant"] else None,
    )


def _held(
    benefit: str, kind: str, name: str, settings: str, from_at: str, until_at: str | None, since: str, because_of: str
) -> HeldBenefit:
    return HeldBenefit(
        UUID(benefit), kind, name, settings, _instant(from_at), _instant_or_none(until_at), _instant(since), because_of
    )


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _instant_or_none(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
