"""Subscriptions of other software are adopted as they are, billed once from then on, and given back without a trace."""

from datetime import timedelta
from typing import Any

from components.adoption import adoption_runs
from components.foundation import clock, database
from components.insights import invariants
from tests.support import foreign_members, make_plans, people
from tests.support.shops import Shop
from web.standin.pages import foreign

LEFT_ALONE = {"adoption", "adoption_plan", "adoption_row", "audit_entry", "fact", "security_event"}
"""The record of the run itself, and what is only ever added."""


async def everything() -> dict[str, list[Any]]:
    """Every row of the shop, but for jobs and the record of the run."""
    tables = await database.fetch_values(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE 'procrastinate%'"
    )
    kept = [name for name in tables if name not in LEFT_ALONE]
    return {name: await database.fetch_values(f"SELECT t::text FROM {name} t ORDER BY 1") for name in sorted(kept)}


async def test_each_state_gets_its_verdict_is_adopted_and_given_back(shop: Shop) -> None:
    owner = await people.owner()
    plan = await make_plans.club()
    there = dict(zip(foreign.KINDS, foreign_members.there(shop, *foreign.KINDS), strict=True))
    before, bank = await everything(), foreign_members.at_stripe(shop, "subscription", "customer", "invoice", "charge")
    run = await foreign_members.read(shop, by=owner.id)
    found = await foreign_members.rows(run)
    verdicts = {kind: found[sub]["verdict"] for kind, sub in there.items() if sub in found}
    print(verdicts, {kind: found[sub]["notes"] for kind, sub in there.items() if sub in found})
    await foreign_members.adopt(shop, run, by=owner.id, plan=plan.id)
    print((await adoption_runs.by_id(run)), {k: (r["outcome"], r["why"]) for k, r in (await foreign_members.rows(run)).items()})
    print(await database.fetch("SELECT kind, amount, balance FROM movement"))
    print(await database.fetch("SELECT status, started_at, cancel_at FROM subscription"))
    print(await invariants.nightly())
    print(await database.fetch("SELECT template FROM email"))
    await foreign_members.undo(shop, run, by=owner.id)
    print((await adoption_runs.by_id(run)), {k: (r["outcome"], r["why"]) for k, r in (await foreign_members.rows(run)).items()})
    after = await everything()
    for name, rows in before.items():
        assert after[name] == rows, (name, set(after[name]) ^ set(rows))
    assert foreign_members.at_stripe(shop, "subscription", "customer", "invoice", "charge") == bank
