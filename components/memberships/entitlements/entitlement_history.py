"""Was a person entitled on 3 May, and why? For any person, benefit and instant, with the rows behind the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, formatting
from components.memberships.benefits.kinds import all_kinds
from components.memberships.entitlements import entitlement_rows
from components.memberships.entitlements.entitlement_rows import (
    BenefitTerms,
    EntitlementRows,
    HeldStretch,
    KnownBenefit,
    MembershipStretch,
    PlanPromise,
)

SOURCES = {
    "subscription": "a subscription",
    "comp": "complimentary",
    "free": "the free tier",
    "gift": "a gift",
    "term": "paid once",
    "seat": "a household membership",
    "earned": "earned by spending",
}
Row = tuple[str, str]


ON_HOLD = ("past_due", "unpaid", "paused")
"""States of a subscription whose last membership has ended, and begins again; so do the seats of whoever shares it."""


@dataclass(frozen=True, slots=True)
class EntitlementAnswer:
    """Whether a person had a benefit at an instant, why or why not, and the rows that prove it: (what, words)."""

    benefit_id: UUID
    name: str
    is_held: bool
    why: str
    rows: tuple[Row, ...]


async def at_instant(person_id: UUID, at: datetime) -> tuple[EntitlementAnswer, ...]:
    """For every benefit the shop knows: those held at the instant first, then by name. Of one that an experiment gives
    in place of another with its name, and not to them, that one says all there is to say."""
    found = await entitlement_rows.of_person(person_id, at)
    own = {one.name for one, _ in found if not one.is_tried}
    answers = [(one, _answer(one, rows, at)) for one, rows in found]
    said = [answer for one, answer in answers if answer.is_held or not one.is_tried or one.name not in own]
    return tuple(sorted(said, key=lambda answer: not answer.is_held))


def _answer(benefit: KnownBenefit, rows: EntitlementRows, at: datetime) -> EntitlementAnswer:
    version = next((row for row in rows.versions if clock.holds(row.from_at, row.until_at, at)), None)
    by_id = {row.id: row for row in rows.memberships}
    now = [row for row in rows.held if clock.holds(row.from_at, row.until_at, at)]
    if version is not None and now:
        membership = by_id.get(now[0].membership)
        shown = (*_membership_rows(membership), _version_row(benefit, version), *(_entitlement_row(row) for row in now))
        return EntitlementAnswer(benefit.id, benefit.name, True, _because(now[0], membership), shown)
    why, shown = _why_not(benefit, version, rows, at)
    return EntitlementAnswer(benefit.id, benefit.name, False, why, shown)


def _because(entitlement: HeldStretch, membership: MembershipStretch | None) -> str:
    ends = entitlement.until_at
    until = f", until {formatting.moment(ends)}" if ends else ", no end date"
    return f"Since {formatting.moment(entitlement.from_at)}{until}, because of {_named(membership)}."


def _why_not(
    benefit: KnownBenefit, version: BenefitTerms | None, rows: EntitlementRows, at: datetime
) -> tuple[str, tuple[Row, ...]]:
    if version is None:
        return _undefined(benefit, at), ()
    shown = (_version_row(benefit, version), *(_entitlement_row(row) for row in rows.held[-3:]))
    running = [row for row in rows.memberships if clock.holds(row.starts_at, row.ends_at, at)]
    if running:
        words = " ".join(_unpromised(row, rows.promises, at, is_tried=benefit.is_tried) for row in running)
        return words, (*(line for row in running for line in _membership_rows(row)), *shown)
    return _without_membership(rows.memberships, at), (*_around(rows.memberships, at), *shown)


def _undefined(benefit: KnownBenefit, at: datetime) -> str:
    if at < benefit.created_at:
        return f"This benefit was only created on {formatting.moment(benefit.created_at)}."
    return "This benefit existed but was not active at that time."


def _unpromised(membership: MembershipStretch, promises: Sequence[PlanPromise], at: datetime, *, is_tried: bool) -> str:
    """A membership was active, but the benefit was not held through it."""
    own = [row for row in promises if row.plan == membership.plan and _lasts(row)]
    if is_tried:
        return (
            f"{membership.plan_name} was active, but an experiment gives this, and this membership didn’t join in it."
        )
    if own and own[0].benefit in (membership.without or ()):
        return (
            f"{membership.plan_name} was active, but this membership was promised “{membership.variant_name}” in an "
            "experiment instead."
        )
    lead = f"{membership.plan_name} was active, but it"
    if any(clock.holds(row.from_at, row.until_at, at) for row in own):
        return f"{lead} included it for new members only, and this membership was not one of them."
    if later := min((row.from_at for row in own if row.from_at > at), default=None):
        return f"{lead} only includes it from {formatting.moment(later)}."
    if over := max((row.until_at for row in own if row.until_at and row.until_at <= at), default=None):
        return f"{lead} only included it until {formatting.moment(over)}."
    return f"{lead} did not include it."


def _without_membership(memberships: Sequence[MembershipStretch], at: datetime) -> str:
    if (ended := _last_ended(memberships, at)) is not None:
        last, ends_at = ended
        begins_again = any(row.source_id == last.source_id for row in memberships if row.starts_at > at)
        if begins_again or (last.status in ON_HOLD and last is memberships[-1]):
            return f"On hold at that time: {_named(last)}, off since {formatting.moment(ends_at)}."
        return f"No membership at that time: {_named(last)}, ended on {formatting.moment(ends_at)}{_how(last)}."
    if memberships:
        first = memberships[0]
        return f"No membership yet: {_named(first)}, started on {formatting.moment(first.starts_at)}."
    return "Never a member."


def _how(membership: MembershipStretch) -> str:
    if membership.status is None:
        return ""
    return " after a cancellation" if membership.cancel_reason else ""


def _around(memberships: Sequence[MembershipStretch], at: datetime) -> tuple[Row, ...]:
    """The last membership before the instant and the first one after it."""
    before = _last_ended(memberships, at)
    after = [row for row in memberships if row.starts_at > at]
    near = [*(before[:1] if before else ()), *after[:1]]
    return tuple(line for row in near for line in _membership_rows(row))


def _last_ended(memberships: Sequence[MembershipStretch], at: datetime) -> tuple[MembershipStretch, datetime] | None:
    ended = [(row, row.ends_at) for row in memberships if row.ends_at is not None and row.ends_at <= at]
    return max(ended, key=lambda pair: pair[1], default=None)


def _membership_rows(membership: MembershipStretch | None) -> tuple[Row, ...]:
    if membership is None:
        return ()
    note = f"; “{membership.note}”" if membership.note else ""
    stretch = _stretched(membership.starts_at, membership.ends_at)
    rows: tuple[Row, ...] = (("Membership", f"{_named(membership)}, {stretch}{note}"),)
    if membership.price_from is None:
        return rows
    price = formatting.money(membership.price, membership.currency)
    words = formatting.once if membership.is_once else formatting.interval
    interval = words(membership.interval, membership.interval_count)
    asked = f"{price} {interval}" if membership.price else "no fee"
    return (
        *rows,
        ("Plan", f"{membership.plan_name} at {asked}, price since {formatting.moment(membership.price_from)}"),
    )


def _version_row(benefit: KnownBenefit, version: BenefitTerms) -> Row:
    of_kind = all_kinds().get(benefit.kind)
    gives = of_kind.words(of_kind.load(version.settings)) if of_kind else benefit.name
    return "Benefit", f"“{gives}”, {_stretched(version.from_at, version.until_at)}"


def _entitlement_row(row: HeldStretch) -> Row:
    because = SOURCES.get(row.because_of, row.because_of)
    return "Entitlement", f"{_stretched(row.from_at, row.until_at)}, source: {because}"


def _stretched(from_at: datetime, until_at: datetime | None) -> str:
    until = f" until {formatting.moment(until_at)}" if until_at else ", no end date"
    return f"from {formatting.moment(from_at)}{until}"


def _named(membership: MembershipStretch | None) -> str:
    if membership is None:
        return "a membership"
    return f"{membership.plan_name}, {SOURCES.get(membership.source, membership.source)}"


def _lasts(row: PlanPromise) -> bool:
    return row.until_at is None or row.until_at > row.from_at
