"""Running a simulation: past orders are read in batches, and the progress is stored in the scenario's row."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import unit_costs
from components.foundation import clock, database, json
from components.insights.backtests import backtest_history, backtest_orders, rule_drafts
from components.insights.backtests.backtest_result import BacktestResult
from components.insights.backtests.backtest_run import BacktestRun
from components.memberships.benefits.backtest import BacktestEvents
from components.memberships.editing import plan_revisions, scheduled_changes
from components.memberships.plans import plan_catalogue


async def run(draft_id: str, run: str) -> None:
    """The job. A run is discarded if the scenario was changed meanwhile."""
    draft, until = await rule_drafts.by_id(UUID(draft_id)), clock.now()
    since = until - timedelta(days=draft.days)
    if not await _note("state = 'running', done = 0, total = 0", draft.id, run):
        return
    total = await backtest_orders.count(since, until)
    if not await _note("total = $3", draft.id, run, total):
        return
    outcome = await _replayed(draft, run, since, until)
    if outcome is not None:
        changes = "state = 'done', done = total, outcome = $3::json, ran_at = $4"
        await _note(changes, draft.id, run, json.dump(outcome), until)


async def _replayed(draft: rule_drafts.Drafted, run: str, since: datetime, until: datetime) -> BacktestResult | None:
    """None once the scenario waits for another run."""
    costs = await unit_costs.all_costs()
    happened = await backtest_history.load(since, until, costs=costs, cost_share=draft.cost_share)
    replay, done = await _replay(draft, costs), 0
    async for portion in backtest_orders.portions(happened, await backtest_history.spent(since, until)):
        for number, order in enumerate(portion):
            replay.take(order)
            if number % backtest_orders.BREATH == 0:
                await asyncio.sleep(0)
        done += len(portion)
        if not await _note("done = least($3, total)", draft.id, run, done):
            return None
    await asyncio.to_thread(replay.happened, happened)  # all at once, and pages are served meanwhile
    return await _named(replay, happened)


async def _replay(draft: rule_drafts.Drafted, costs: dict[UUID, int]) -> BacktestRun:
    now = scheduled_changes.rules()
    return BacktestRun(
        now=now,
        drafted=plan_revisions.apply_revision(now, draft.revision, await scheduled_changes.plans_without_benefit()),
        variant=snapshot_refresh.snapshot().variant,
        plan_names={plan.id: plan.name for plan in plan_catalogue.all_plans()},
        cost_share=draft.cost_share,
        costs=costs,
    )


async def _named(replay: BacktestRun, happened: BacktestEvents) -> BacktestResult:
    people = await database.fetch_rows(_NAMES, list(replay.most_changed()))
    return replay.outcome(happened, dict(people))


_NAMES = "SELECT id, coalesce(nullif(name, ''), email, 'Somebody') FROM insights_people WHERE id = ANY($1)"


async def _note(changes: str, draft_id: UUID, run: str, *values: Any) -> bool:
    """Whether the scenario still waits for this run; also updates its heartbeat."""
    sql = f"UPDATE rule_draft SET {changes}, heard_at = now() WHERE id = $1 AND run = $2"
    return bool(await database.execute(sql, draft_id, UUID(run), *values))
