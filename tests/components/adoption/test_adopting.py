"""Subscriptions of other software are adopted as they are, billed once from then on, and given back without a trace."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from components.adoption import adoption_job, adoption_runs
from components.foundation import audit, clock, database
from components.insights import invariants
from components.memberships.entitlements import membership_history
from components.people import customer_accounts
from tests.figures.comparing import compare
from tests.support import foreign_members, make_plans, people
from tests.support.shops import Shop
from web.standin.pages import foreign

LEFT_ALONE = {
    "access_check",
    "adoption",
    "adoption_plan",
    "adoption_row",
    "audit_entry",
    "announced_fact",
    "audit_witness",
    "checked_until",
    "figure_day_change",  # whose figures are to be added up anew, when the job comes to it
    "figure_buyer_change",
    "figure_payer_change",
    "inbox_event",
}
"""The record of the run itself, what Stripe delivered, what is only ever added, what the shop looks at by itself."""
THERE = ("subscription", "customer", "invoice", "charge", "payment_intent", "price")
MIXED = (
    "active",
    "annual",
    "classic",
    "trialing",
    "past_due",
    "cancelling",
    "discount",
    "moved",
    "no card",
    "platform",
)


async def everything() -> dict[str, list[Any]]:
    """Every row of the shop, but for jobs and the record of the run."""
    tables = await database.fetch_values(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE 'procrastinate%'"
    )
    kept = [name for name in tables if name not in LEFT_ALONE]
    return {name: await database.fetch_values(f"SELECT t::text FROM {name} t ORDER BY 1") for name in sorted(kept)}


async def nothing_broken(shop: Shop) -> None:
    assert await invariants.nightly() == []
    found = await compare(number=3)
    assert found.found == []


async def charged(shop: Shop) -> Counter[str]:
    """How many invoices with money on them are paid, of each subscription at Stripe."""
    invoices = foreign_members.at_stripe(shop, "invoice").values()
    paid = (one for one in invoices if one["status"] == "paid" and one["amount_paid"])
    return Counter(one["parent"]["subscription_details"]["subscription"] for one in paid)


async def test_every_state_is_adopted_as_it_is_and_given_back_without_a_trace(shop: Shop) -> None:
    owner = await people.owner()
    plan = await make_plans.club()
    there = dict(zip(MIXED, foreign_members.there(shop, *MIXED), strict=True))
    before, bank = await everything(), foreign_members.at_stripe(shop, *THERE)
    run = await foreign_members.read(shop, by=owner.id)
    assert await everything() == before and foreign_members.at_stripe(shop, *THERE) == bank, "a dry run changes nothing"
    await foreign_members.adopt(shop, run, by=owner.id, plan=plan.id)
    found = await foreign_members.rows(run)
    assert {found[sub]["outcome"] for sub in there.values()} == {"adopted"}
    kept = {row["id"]: row for row in await database.fetch("SELECT * FROM subscription")}
    states = {kind: kept[found[sub]["local"]]["status"] for kind, sub in there.items()}
    assert states == dict.fromkeys(MIXED, "active") | {"trialing": "trialing", "past_due": "past_due"}
    now_there = foreign_members.at_stripe(shop, *THERE)
    for key, one in bank.items():
        assert {**now_there[key], "metadata": {}} == {**one, "metadata": {}}, "only metadata of ours is added"
    assert now_there[there["active"]]["metadata"]["made_by"] == "another system"
    since = {row["source_id"]: row["starts_at"] for row in await database.fetch("SELECT * FROM membership")}
    began = clock.now() - since[found[there["active"]]["local"]]
    assert began > timedelta(days=360), "a member since their first day there"
    assert await database.fetch_value("SELECT count(*) FROM email") == 0, "nobody is written to"
    kinds = await database.fetch_values("SELECT kind FROM movement")
    assert kinds == ["adopted"] * 9, "the trial pays nothing yet"
    await nothing_broken(shop)

    await foreign_members.undo(shop, run, by=owner.id)
    assert await everything() == before
    assert foreign_members.at_stripe(shop, *THERE) == bank
    whats = [entry["what"] for entry in await audit.entries(subject="adoption")]
    assert set(whats) == {"adoption started", "members adopted", "adoption undone"}


async def test_sixty_are_charged_once_at_their_next_renewal(shop: Shop) -> None:
    """By the practice bank's own clock, with webhooks; the earlier payments are no money of this shop."""
    owner = await people.owner()
    plan = await make_plans.club()
    foreign_members.tell_only(shop, "invoice.paid")
    subs = foreign_members.there(shop, *("active", "classic", "discount") * 20)
    run = await foreign_members.read(shop, by=owner.id)
    await foreign_members.adopt(shop, run, by=owner.id, plan=plan.id)
    assert await charged(shop) == dict.fromkeys(subs, 1)
    assert await database.fetch_value("SELECT sum(amount) FROM paid_period") == 0
    clock.set_everywhere(clock.now() + timedelta(days=32))
    await shop.catch_up()
    assert await charged(shop) == dict.fromkeys(subs, 2), "each renewal once"
    periods = await database.fetch_rows(
        "SELECT subscription, count(*), count(*) FILTER (WHERE is_opening) FROM paid_period GROUP BY 1"
    )
    assert len(periods) == 60 and {row[1:] for row in periods} == {(2, 1)}
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'payment_receipt'") in (0, 60)
    await nothing_broken(shop)
    await foreign_members.undo(shop, run, by=owner.id)
    outcomes = Counter(row["outcome"] for row in (await foreign_members.rows(run)).values())
    assert outcomes == {"kept": 60}, "what was paid since is not undone by undoing an import"
    await nothing_broken(shop)


async def test_stopped_anywhere_it_goes_on_and_cancelled_it_ends_whole(shop: Shop) -> None:
    owner = await people.owner()
    plan = await make_plans.club()
    subs = foreign_members.there(shop, *["active"] * 8)
    run = await foreign_members.read(shop, by=owner.id)
    await foreign_members.choose(run, plan.id)
    await adoption_runs.begin(run, by=owner.id, old_stopped=True, tells=False, asks=False)
    for steps in (3, 9, 14, 17, 26, 31):
        await _killed_after(adoption_job.run(str(run)), steps)
    await adoption_runs.cancel(run)
    await shop.catch_up()
    rows = await foreign_members.rows(run)
    outcomes = Counter(row["outcome"] for row in rows.values())
    assert set(outcomes) <= {"adopted", ""}, outcomes
    claimed = [sub for sub in subs if "install_id" in foreign_members.at_stripe(shop, "subscription")[sub]["metadata"]]
    assert {key for key, row in rows.items() if row["outcome"] == "adopted"} == set(claimed)
    assert await database.fetch_value("SELECT count(*) FROM subscription") == len(claimed) == outcomes["adopted"]
    await nothing_broken(shop)
    before = await charged(shop)
    await foreign_members.undo(shop, run, by=owner.id)
    assert await database.fetch_value("SELECT count(*) FROM subscription") == 0 and await charged(shop) == before


async def _killed_after(work: Any, steps: int) -> None:
    """The task goes no further than so many turns of the loop: what is not committed by then never was."""
    task = asyncio.ensure_future(work)
    for _ in range(steps * 4):
        await asyncio.sleep(0.001)
        if task.done():
            break
    task.cancel()
    with pytest.raises((asyncio.CancelledError, BaseException)):
        await task
        raise asyncio.CancelledError


async def test_people_who_are_here_already_are_recognised_and_never_billed_twice(shop: Shop) -> None:
    owner = await people.owner()
    plan = await make_plans.club()
    noor = await people.customer("noor@kiln.test", name="Noor")
    first, second, third = foreign_members.there(shop, "active", "annual", "active", email="noor@kiln.test")
    run = await foreign_members.read(shop, by=owner.id)
    found = await foreign_members.rows(run)
    ready = [key for key, row in found.items() if row["verdict"] == "adopt"]
    assert Counter(row["verdict"] for row in found.values()) == {"adopt": 1, "second": 2}
    await foreign_members.adopt(shop, run, by=owner.id, plan=plan.id)
    held = await membership_history.spans(noor.id)
    assert len(held) == 1 and held[0].plan_name == "Annual"
    again = await foreign_members.read(shop, by=owner.id)
    verdicts = {key: row["verdict"] for key, row in (await foreign_members.rows(again)).items()}
    assert verdicts == {key: "ours" if key in ready else "billed here" for key in (first, second, third)}
    assert await customer_accounts.by_email("noor@kiln.test") is not None
    await foreign_members.undo(shop, run, by=owner.id)
    assert await membership_history.spans(noor.id) == () and (await customer_accounts.by_id(noor.id)) is not None


async def test_a_movement_goes_only_while_it_is_the_last_and_adopted(shop: Shop) -> None:
    owner = await people.owner()
    plan = await make_plans.club()
    foreign_members.there(shop, "active")
    run = await foreign_members.read(shop, by=owner.id)
    await foreign_members.adopt(shop, run, by=owner.id, plan=plan.id)
    add = """INSERT INTO movement (id, person, turn, kind, amount, balance, because, at, noted_at, epoch)
      SELECT gen_random_uuid(), person, 2, 'churn', -amount, 0, '', at, at, epoch FROM movement"""
    await database.execute(add)
    for kind in ("adopted", "churn"):
        with pytest.raises(Exception, match="only ever added"):
            await database.execute("DELETE FROM movement WHERE kind = $1", kind)
    with pytest.raises(Exception, match="only ever added"):
        await database.execute("UPDATE movement SET amount = 1")


def test_the_practice_stripe_makes_all_of_them(shop: Shop) -> None:
    made = foreign_members.there(shop, *foreign.KINDS)
    assert len(set(made)) == len(foreign.KINDS)
