"""Scenarios: editing them, simulating past orders, publishing them on a date, and unpublishing."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from components.foundation import audit, clock, database, ids, jobs, json
from components.foundation.refusals import NotFound, Refusal
from components.insights.backtests.backtest_result import BacktestResult
from components.insights.tables import RuleDraft
from components.memberships.benefits.kinds import kind
from components.memberships.editing import plan_benefits, scheduled_changes
from components.memberships.editing.plan_benefits import EditedBenefit
from components.memberships.editing.plan_revisions import NewBenefit, Pair, Revision
from components.memberships.plans import plan_cache, plan_catalogue

DAYS = 90
SILENCE = timedelta(minutes=1)
"""A run without a heartbeat for this long has failed."""


class Published(Refusal):
    message = "This scenario is published. Unpublish it before its date, or create a new one."


class NotPublished(Refusal):
    message = "This scenario is not published."


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """`done` of `total` orders have been recalculated while it runs."""

    id: UUID
    name: str
    revision: Revision
    cost_share: int
    days: int
    created_at: datetime
    state: str
    done: int
    total: int
    outcome: BacktestResult | None
    ran_at: datetime | None
    publish_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def is_published(self) -> bool:
        return self.publish_at is not None


async def create(*, name: str, cost_share: int, by: UUID) -> UUID:
    """Create an empty scenario; returns its id. `cost_share` is in basis points of the shop price."""
    draft = RuleDraft(
        id=ids.new(),
        name=name,
        revision=json.dump(Revision()),
        cost_share=cost_share,
        days=DAYS,
        created_at=clock.now(),
        created_by=by,
    )
    async with database.transaction():
        await RuleDraft.insert(draft)
        await audit.record(by, "scenario created", "rule draft", draft.id, after={"name": name})
    return draft.id


class _DraftRow(NamedTuple):
    id: UUID
    name: str
    revision: str
    cost_share: int
    days: int
    created_at: datetime
    done: int
    total: int
    outcome: str | None
    ran_at: datetime | None
    publish_at: datetime | None
    withdrawn_at: datetime | None
    state: str


async def all_drafts() -> tuple[Drafted, ...]:
    """Newest first."""
    rows = await database.fetch_as(_DraftRow, f"{_DRAFTS} ORDER BY d.created_at DESC, d.id DESC LIMIT 200", SILENCE)
    return tuple(_drafted(row) for row in rows)


async def by_id(draft_id: UUID) -> Drafted:
    """Raises `NotFound`."""
    row = await database.fetch_one_as(_DraftRow, f"{_DRAFTS} WHERE d.id = $2", SILENCE, draft_id)
    if row is None:
        raise NotFound("This scenario does not exist.")
    return _drafted(row)


async def set_revision(draft_id: UUID, benefit_id: UUID, *, name: str, answers: dict[str, Any], by: UUID) -> None:
    """Change a benefit in the scenario; with its current settings the change is dropped. Raises `SettingRefused`.

    Names have no dates: renaming makes it a new benefit, which replaces this one in every plan.
    """
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        drafted = revision.benefit(benefit_id)
        if drafted is not None:
            changed = revision.with_new(_new(drafted.kind, name, answers, id=benefit_id))
        else:
            known = await plan_benefits.by_id(benefit_id)
            new = _new(known.kind, name, answers, id=benefit_id)
            changed = _redefined(revision, known, new)
        await _write(draft_id, changed, by=by)


def _redefined(revision: Revision, known: EditedBenefit, new: NewBenefit) -> Revision:
    if new.name != known.name:
        plans = [rule.plan for rule in scheduled_changes.rules() if rule.benefit == new.id]
        return revision.without(new.id).with_another(new, by=ids.new(), in_plans=plans)
    of_kind = kind(new.kind)
    if of_kind.load(known.settings) != of_kind.load(new.settings):
        return revision.with_settings(new.id, new.settings)
    return revision.with_settings_of_today(new.id)


def _new(kind_key: str, name: str, answers: dict[str, Any], *, id: UUID) -> NewBenefit:
    of_kind = kind(kind_key)
    return NewBenefit(id, kind_key, name, of_kind.dump(of_kind.read(answers)))


async def add_benefit(
    draft_id: UUID, *, kind_key: str, name: str, answers: dict[str, Any], plan: UUID, by: UUID
) -> None:
    """Add a new benefit to the plan in the scenario. Raises `SettingRefused`, `NotFound`."""
    benefit = _new(kind_key, name, answers, id=ids.new())
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        added = revision.with_new(benefit).turned(Pair(plan, benefit.id), is_promised_now=False)
        await _write(draft_id, added, by=by)


async def toggle_benefit(draft_id: UUID, *, plan: UUID, benefit: UUID, by: UUID) -> None:
    """Add the benefit to the plan in the scenario, or remove it if the plan includes it."""
    if plan not in {each.id for each in plan_catalogue.all_plans()}:
        raise NotFound("This plan does not exist.")
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        held = {(rule.plan, rule.benefit) for rule in scheduled_changes.rules()}
        if revision.benefit(benefit) is None:
            await plan_benefits.by_id(benefit)
        turned = revision.turned(Pair(plan, benefit), is_promised_now=(plan, benefit) in held)
        await _write(draft_id, turned, by=by)


async def delete(draft_id: UUID, benefit: UUID, *, by: UUID) -> None:
    """Drop all changes to the benefit."""
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        await _write(draft_id, revision.without(benefit), by=by)


async def request_run(draft_id: UUID) -> None:
    """Have the worker recalculate the past orders; asking twice runs once. Raises `NothingChanges`."""
    async with database.transaction():
        if (await _locked(draft_id)).revision.is_empty:
            raise scheduled_changes.NothingChanges
        run = ids.new()
        await database.execute(_WAIT, draft_id, run)
        await jobs.defer("run_backtest", draft_id=str(draft_id), run=str(run))


_WAIT = """
UPDATE rule_draft SET state = 'waiting', run = $2, done = 0, total = 0, outcome = NULL, heard_at = now() WHERE id = $1
"""


async def publish(draft_id: UUID, *, at: datetime, by: UUID) -> None:
    """Publish it from this instant. Raises `Published` and what `scheduled_changes.publish` raises."""
    async with database.transaction():
        draft = await _open(draft_id)
        await scheduled_changes.publish(draft.revision, from_at=at, name=draft.name, by=by)
        published = RuleDraft.update(
            {
                RuleDraft.publish_at: at,
                RuleDraft.published_at: clock.now(),
                RuleDraft.published_by: by,
                RuleDraft.withdrawn_at: None,
            }
        )
        await published.where(RuleDraft.id == draft_id)
    await plan_cache.refresh()


async def undo_publication(draft_id: UUID, *, by: UUID) -> None:
    """Unpublish it before its date. Raises `NotPublished`, `TooLate`."""
    async with database.transaction():
        draft = await _locked(draft_id)
        if draft.publish_at is None:
            raise NotPublished
        await scheduled_changes.withdraw(draft.revision, from_at=draft.publish_at, name=draft.name, by=by)
        withdrawn = RuleDraft.update({RuleDraft.publish_at: None, RuleDraft.withdrawn_at: clock.now()})
        await withdrawn.where(RuleDraft.id == draft_id)
    await plan_cache.refresh()


# A run without a job, or without a recent heartbeat, has failed, whatever happened to its process.
# One that waits in the queue may wait long.
_STATE = """CASE WHEN d.state IN ('waiting', 'running') AND (
    NOT EXISTS (SELECT FROM insights_jobs j WHERE j.task_name = 'run_backtest' AND j.args->>'run' = d.run::text
      AND j.status IN ('todo', 'doing'))
    OR d.heard_at < now() - $1::interval AND NOT (d.state = 'waiting' AND EXISTS (
      SELECT FROM insights_jobs j WHERE j.task_name = 'run_backtest' AND j.args->>'run' = d.run::text
      AND j.status = 'todo')))
  THEN 'failed' ELSE d.state END"""
_DRAFTS = f"""SELECT d.id, d.name, d.revision::text AS revision, d.cost_share, d.days, d.created_at, d.done, d.total,
  d.outcome::text AS outcome, d.ran_at, d.publish_at, d.withdrawn_at, {_STATE} AS state
  FROM rule_draft d"""


def _drafted(row: _DraftRow) -> Drafted:
    """An outcome stored in the format of an earlier release has to be computed again."""
    revision, outcome = json.load_as(Revision, row.revision), None
    if row.outcome:
        with contextlib.suppress(msgspec.ValidationError):
            outcome = json.load_as(BacktestResult, row.outcome)
    state = "draft" if row.state == "done" and outcome is None else row.state
    return Drafted(**row._asdict() | {"revision": revision, "outcome": outcome, "state": state})


async def _locked(draft_id: UUID) -> Drafted:
    row = await database.fetch_one_as(_DraftRow, f"{_DRAFTS} WHERE d.id = $2 FOR UPDATE", SILENCE, draft_id)
    if row is None:
        raise NotFound("This scenario does not exist.")
    return _drafted(row)


async def _open(draft_id: UUID) -> Drafted:
    """A scenario that can still be changed."""
    draft = await _locked(draft_id)
    if draft.is_published:
        raise Published
    return draft


async def _write(draft_id: UUID, revision: Revision, *, by: UUID) -> None:
    """Changed rules invalidate the outcome: it has to be run again."""
    redrafted = RuleDraft.update(
        {
            RuleDraft.revision: json.dump(revision),
            RuleDraft.state: "draft",
            RuleDraft.run: None,
            RuleDraft.outcome: None,
            RuleDraft.done: 0,
            RuleDraft.total: 0,
        }
    )
    await redrafted.where(RuleDraft.id == draft_id)
    await audit.record(by, "scenario changed", "rule draft", draft_id, after=json.to_plain(revision))
