"""Renewals, retention, cancellations and failed charges, worked out a second time from raw rows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import asyncpg

from components.foundation import database
from components.insights.programme import cancel_figures, dunning, movement_rates, renewal_rate, trial_rates
from tests.figures import raw_rows
from tests.figures.recomputation import Books, month_starts

Same = Callable[[str, Any, Any], None]
Row = dict[str, Any]
DAY = timedelta(days=1)


async def compare_programme(same: Same, connection: asyncpg.Connection, known: Books, now: datetime) -> None:
    months = month_starts(now, 5)
    for from_at, until in ((months[3], months[4]), (months[1], months[4]), (now - 47 * DAY, now - 3 * DAY)):
        name = f"{from_at:%Y-%m-%d} to {until:%Y-%m-%d}"
        found = await database.batch(
            movement_rates.query(from_at, until), renewal_rate.query(from_at, until),
            cancel_figures.query(from_at, until), dunning.query(from_at, until), trial_rates.query(from_at, until),
        )  # fmt: skip
        _rates(lambda what, *pair, name=name: same(f"{what}, {name}", *pair), found[0], known, from_at, until)
        lives = await _lives(connection)
        due = _renewals(lives, from_at, until, now)
        shown = {(one.plan, one.interval, one.interval_count): (one.due, one.renewed, one.waiting) for one in found[1]}
        same(f"renewals, {name}", shown, due)
        states = [one.state async for one in renewal_rate.rows(from_at, until).every()]
        all_due = (sum(one[0] for one in due.values()), sum(one[1] for one in due.values()))
        rows = (len(states) - states.count("waiting"), states.count("renewed"))
        same(f"rows of renewals, {name}", rows, all_due)
        attempts = await _attempts(connection, lives, from_at, until, now)
        same(
            f"cancellations, {name}",
            {one.reason: (one.attempts, one.stayed, one.waiting) for one in found[2]},
            attempts,
        )
        listed = [one async for one in cancel_figures.rows(from_at, until).every()]
        same(f"rows of cancellations, {name}", len(listed), sum(one[0] for one in attempts.values()))
        recovery = found[3]
        shown_of = (
            recovery.failed, recovery.failed_amount, recovery.recovered, recovery.recovered_amount, recovery.waiting
        )  # fmt: skip
        tried = (found[4].started, found[4].converted, found[4].waiting)
        same(f"trials, {name}", tried, await raw_rows.trials(connection, from_at, until))
        same(f"failed renewals, {name}", shown_of, await _failed(connection, lives, from_at, min(until, now)))


def _rates(
    same: Callable[..., None], shown: movement_rates.MovementRates, known: Books, from_at: datetime, until: datetime
) -> None:
    start, moved = sum(known.balances(from_at).values()), known.moved(from_at, until)
    won, lost = moved["new"] + moved["expansion"] + moved["reactivation"], -moved["churn"] - moved["contraction"]
    same("MRR at the start", shown.period.start, start)
    gross, net = _kept(known, from_at, until)
    same("GRR", shown.grr, Fraction(gross, start) if start else None)
    same("NRR", shown.nrr, Fraction(net, start) if start else None)
    same("quick ratio", shown.quick_ratio, Fraction(won, lost) if lost else None)
    reasons: dict[str, list[int]] = {"cancelled": [0, 0], "payment failed": [0, 0], "other": [0, 0]}
    counted = set[tuple[object, str]]()
    for turn in known.turns:
        if turn.kind == "churn" and from_at <= turn.at < until:
            because = turn.because if turn.because in reasons else "other"
            part = reasons[because]
            part[0] += (turn.person, because) not in counted
            counted.add((turn.person, because))
            part[1] += turn.before - turn.after
    same("churn by reason", {name: [one.members, one.amount] for name, one in shown.churned.items()}, reasons)


def _kept(known: Books, from_at: datetime, until: datetime) -> tuple[int, int]:
    """Of what was paid at the start, without and with what the same people came to pay more; who left stays away."""
    gross = net = 0
    for person, paid in known.balances(from_at).items():
        lost, more = 0, 0
        for turn in known.turns:
            if turn.person != person or not from_at <= turn.at < until:
                continue
            lost += turn.before - turn.after if turn.kind in ("churn", "contraction") else 0
            more += turn.after - turn.before if turn.kind == "expansion" else 0
            if turn.kind == "churn":
                break
        gross, net = gross + paid - min(paid, lost), net + paid + more - lost
    return gross, net


class _Life:
    """One subscription with its periods in their order, and its pauses."""

    def __init__(self, row: Row) -> None:
        self.row, self.periods, self.pauses = row, list[Row](), list[Row]()

    def carried(self, from_at: datetime, until: datetime | None) -> timedelta | None:
        """None during a pause that has no end yet, and nothing was paid since."""
        total = timedelta()
        for one in self.pauses:
            if one["begun_at"] < from_at or (until is not None and one["begun_at"] >= until):
                continue
            if one["ended_at"] is not None:
                total += one["ended_at"] - one["begun_at"]
            elif until is None:
                return None
        return total

    def is_cut(self, period: Row, after: Row) -> bool:
        """A change of plan at once ended it early."""
        if after["is_partial"]:
            return True
        if period["is_partial"] or after["plan"] == period["plan"]:
            return False
        count = period["interval_count"]
        whole = _later(period["starts_at"], period["interval"], count)
        return bool(period["ends_at"] < whole - 2 * DAY)


def _later(at: datetime, interval: str, count: int) -> datetime:
    """By the calendar, the last day of a month where there is no such day."""
    if interval == "week":
        return at + 7 * count * DAY
    months = at.year * 12 + at.month - 1 + count * (12 if interval == "year" else 1)
    first = at.replace(year=months // 12, month=months % 12 + 1, day=1)
    last = ((first + 31 * DAY).replace(day=1) - DAY).day
    return first.replace(day=min(at.day, last))


async def _lives(connection: asyncpg.Connection) -> dict[UUID, _Life]:
    found = {row["id"]: _Life(dict(row)) for row in await connection.fetch(
        "SELECT s.*, v.plan FROM subscription s JOIN plan_version v ON v.id = s.plan_version")}  # fmt: skip
    for row in await connection.fetch(
        """SELECT d.*, v.plan, v.interval, v.interval_count, p.name FROM paid_period d JOIN plan_version v
        ON v.id = d.plan_version JOIN plan p ON p.id = v.plan ORDER BY d.starts_at"""
    ):
        found[row["subscription"]].periods.append(dict(row))
    for row in await connection.fetch("SELECT * FROM pause WHERE begun_at IS NOT NULL"):
        if row["ended_at"] is None or row["ended_at"] > row["begun_at"]:
            found[row["subscription"]].pauses.append(dict(row))
    return found


Counts = dict[Any, tuple[int, ...]]


def _renewals(lives: dict[UUID, _Life], from_at: datetime, until: datetime, now: datetime) -> Counts:
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for life in lives.values():
        has_paid = False
        for place, period in enumerate(life.periods):
            has_paid = has_paid or period["amount"] > 0 or period["is_opening"]
            after = life.periods[place + 1] if place + 1 < len(life.periods) else None
            if not has_paid or (after and life.is_cut(period, after)):
                continue
            carried = life.carried(period["starts_at"], after["starts_at"] if after else None)
            due = None if carried is None else period["ends_at"] + carried
            if due is None or not from_at <= due < min(until, now):
                continue
            count = found[period["name"], period["interval"], period["interval_count"]]
            if after is None and life.row["ended_at"] is None and due > now - 30 * DAY:
                count[2] += 1
            else:
                count[0] += 1
                count[1] += after is not None
    return {key: tuple(count) for key, count in found.items()}


async def _attempts(
    connection: asyncpg.Connection, lives: dict[UUID, _Life], from_at: datetime, until: datetime, now: datetime
) -> Counts:
    made: dict[UUID, list[tuple[datetime, UUID, str]]] = defaultdict(list)
    for row in await connection.fetch("SELECT * FROM cancel_attempt"):
        made[row["subscription"]].append((row["at"], row["id"], row["reason"]))
    for row in await connection.fetch("SELECT * FROM save_offer_shown WHERE accepted_at IS NOT NULL"):
        made[row["subscription"]].append((row["accepted_at"], row["id"], "offer"))
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for subscription, attempts in made.items():
        life = lives[subscription]
        attempts.sort()
        for place, (at, _, reason) in enumerate(attempts):
            renewals = [one["starts_at"] for one in life.periods if one["starts_at"] > at and not one["is_partial"]]
            later = attempts[place + 1][0] if place + 1 < len(attempts) else None
            if later is not None and (not renewals or later < renewals[0]):
                continue
            if from_at <= at < until:
                found[reason][0] += 1
                found[reason][1] += bool(renewals)
                found[reason][2] += not renewals and _is_waited_for(life, at, now)
    return {reason: tuple(count) for reason, count in found.items()}


def _is_waited_for(life: _Life, at: datetime, now: datetime) -> bool:
    if life.row["ended_at"] is not None:
        return False
    if not life.periods:
        return bool((life.row["current_period_end"] or at) > now - 30 * DAY)
    carried = life.carried(life.periods[-1]["starts_at"], None)
    return carried is None or life.periods[-1]["ends_at"] + carried > now - 30 * DAY


async def _failed(
    connection: asyncpg.Connection, lives: dict[UUID, _Life], from_at: datetime, until: datetime
) -> tuple[int, ...]:
    """By what was announced of each invoice, where anything was."""
    told: dict[str, datetime] = {}
    for row in await connection.fetch(
        "SELECT body ->> 'invoice_id' AS invoice, announced_at FROM announced_fact WHERE name = 'InvoiceFailed'"
    ):
        told[row["invoice"]] = min(row["announced_at"], told.get(row["invoice"], row["announced_at"]))
    failed = amount = recovered = back = waiting = 0
    for row in await connection.fetch("SELECT * FROM mirrored_invoice WHERE reason = 'subscription_cycle'"):
        at = told.get(row["stripe_id"], None if told else row["failed_at"])
        life = lives.get(row["local_id"])
        if at is None or life is None or not from_at <= at < until:
            continue
        before = [one for one in life.periods if one["starts_at"] < row["created_at"]]
        if not any(one["invoice"] != row["stripe_id"] and (one["amount"] > 0 or one["is_opening"]) for one in before):
            continue
        failed, amount = failed + 1, amount + row["total"]
        if row["status"] == "paid":
            recovered, back = recovered + 1, back + row["total"]
        waiting += row["status"] == "open"
    return failed, amount, recovered, back, waiting
