"""Drafts of new rules: writing them, rerunning past orders by them, publishing them on a date, undoing that in time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components import memberships
from components.foundation import audit, clock, database, ids, jobs, json
from components.foundation.refusals import NotFound, Refusal
from components.insights.replay import Outcome
from components.insights.tables import RuleDraft
from components.memberships import offers, promises, publishing
from components.memberships.benefits import kind
from components.memberships.revisions import NewBenefit, Pair, Revision

DAYS = 90


class Published(Refusal):
    message = "This draft is published. Undo that before its date, or begin another."


class NotPublished(Refusal):
    message = "This draft is not published."


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """`done` of `total` orders have been priced again while it runs."""

    id: UUID
    name: str
    revision: Revision
    cost_share: int
    days: int
    created_at: datetime
    state: str
    done: int
    total: int
    outcome: Outcome | None
    ran_at: datetime | None
    publish_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def is_published(self) -> bool:
        return self.publish_at is not None


async def begin(*, name: str, cost_share: int, by: UUID) -> UUID:
    """An empty draft; its id. `cost_share` is in basis points of the shop price."""
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
        await audit.record(by, "draft begun", "rule draft", draft.id, after={"name": name})
    return draft.id


async def every() -> tuple[Drafted, ...]:
    """The newest first."""
    rows = await database.fetch(f"SELECT {_COLUMNS} FROM rule_draft ORDER BY created_at DESC, id DESC LIMIT 200")
    return tuple(_drafted(row) for row in rows)


async def one(draft_id: UUID) -> Drafted:
    """Raises `NotFound`."""
    row = await database.fetch_one(f"SELECT {_COLUMNS} FROM rule_draft WHERE id = $1", draft_id)
    if row is None:
        raise NotFound("We have no such draft.")
    return _drafted(row)


async def redefine(draft_id: UUID, benefit_id: UUID, *, name: str, answers: dict[str, Any], by: UUID) -> None:
    """In the draft the benefit gives this. As it is now again: nothing is drafted. Raises `SettingRefused`.

    Names have no dates: by another name it is another benefit, which takes the place of this one in every plan.
    """
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        drafted = revision.benefit(benefit_id)
        if drafted is not None:
            changed = revision.with_new(_new(drafted.kind, name, answers, id=benefit_id))
        else:
            known = await promises.one(benefit_id)
            new = _new(known["kind"], name, answers, id=benefit_id)
            changed = _redefined(revision, known, new)
        await _write(draft_id, changed, by=by)


def _redefined(revision: Revision, known: dict[str, Any], new: NewBenefit) -> Revision:
    if new.name != known["name"]:
        plans = [rule.plan for rule in publishing.rules() if rule.benefit == new.id]
        return revision.without(new.id).with_another(new, by=ids.new(), in_plans=plans)
    of_kind = kind(new.kind)
    if of_kind.load(known["settings"]) != of_kind.load(new.settings):
        return revision.with_settings(new.id, new.settings)
    return revision.with_settings_of_today(new.id)


def _new(kind_key: str, name: str, answers: dict[str, Any], *, id: UUID) -> NewBenefit:
    of_kind = kind(kind_key)
    return NewBenefit(id, kind_key, name, of_kind.dump(of_kind.read(answers)))


async def define(draft_id: UUID, *, kind_key: str, name: str, answers: dict[str, Any], plan: UUID, by: UUID) -> None:
    """In the draft there is one more benefit, promised by the plan. Raises `SettingRefused`, `NotFound`."""
    benefit = _new(kind_key, name, answers, id=ids.new())
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        added = revision.with_new(benefit).turned(Pair(plan, benefit.id), is_promised_now=False)
        await _write(draft_id, added, by=by)


async def turn(draft_id: UUID, *, plan: UUID, benefit: UUID, by: UUID) -> None:
    """In the draft the plan promises the benefit if it did not, and no longer if it did."""
    if plan not in {each.id for each in offers.every()}:
        raise NotFound("We have no such plan.")
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        held = {(rule.plan, rule.benefit) for rule in publishing.rules()}
        if revision.benefit(benefit) is None:
            await promises.one(benefit)
        turned = revision.turned(Pair(plan, benefit), is_promised_now=(plan, benefit) in held)
        await _write(draft_id, turned, by=by)


async def drop(draft_id: UUID, benefit: UUID, *, by: UUID) -> None:
    """Nothing is drafted of the benefit any more."""
    async with database.transaction():
        revision = (await _open(draft_id)).revision
        await _write(draft_id, revision.without(benefit), by=by)


async def ask(draft_id: UUID) -> None:
    """Have the worker price the past orders again; asking twice runs once. Raises `NothingChanges`."""
    async with database.transaction():
        if (await _locked(draft_id)).revision.is_empty:
            raise publishing.NothingChanges
        run = ids.new()
        await database.execute(
            "UPDATE rule_draft SET state = 'waiting', run = $2, done = 0, total = 0, outcome = NULL WHERE id = $1",
            draft_id, run,
        )  # fmt: skip
        await jobs.defer("replay_rules", draft_id=str(draft_id), run=str(run))


async def publish(draft_id: UUID, *, at: datetime, by: UUID) -> None:
    """It holds from this instant. Raises `Published` and what `publishing.publish` raises."""
    async with database.transaction():
        draft = await _open(draft_id)
        await publishing.publish(draft.revision, from_at=at, name=draft.name, by=by)
        await database.execute(
            """UPDATE rule_draft SET publish_at = $2, published_at = $3, published_by = $4, withdrawn_at = NULL
            WHERE id = $1""",
            draft_id, at, clock.now(), by,
        )  # fmt: skip
    await memberships.refresh()


async def withdraw(draft_id: UUID, *, by: UUID) -> None:
    """Undo the publication before its date. Raises `NotPublished`, `TooLate`."""
    async with database.transaction():
        draft = await _locked(draft_id)
        if draft.publish_at is None:
            raise NotPublished
        await publishing.withdraw(draft.revision, from_at=draft.publish_at, name=draft.name, by=by)
        await database.execute(
            "UPDATE rule_draft SET publish_at = NULL, withdrawn_at = $2 WHERE id = $1", draft_id, clock.now()
        )
    await memberships.refresh()


_COLUMNS = """id, name, revision::text AS revision, cost_share, days, created_at, state, done, total,
  outcome::text AS outcome, ran_at, publish_at, withdrawn_at"""


def _drafted(row: dict[str, Any]) -> Drafted:
    revision = json.load_as(Revision, row["revision"])
    outcome = json.load_as(Outcome, row["outcome"]) if row["outcome"] else None
    return Drafted(**{**row, "revision": revision, "outcome": outcome})


async def _locked(draft_id: UUID) -> Drafted:
    row = await database.fetch_one(f"SELECT {_COLUMNS} FROM rule_draft WHERE id = $1 FOR UPDATE", draft_id)
    if row is None:
        raise NotFound("We have no such draft.")
    return _drafted(row)


async def _open(draft_id: UUID) -> Drafted:
    """A draft that may still be changed."""
    draft = await _locked(draft_id)
    if draft.is_published:
        raise Published
    return draft


async def _write(draft_id: UUID, revision: Revision, *, by: UUID) -> None:
    """Other rules make an outcome worthless: it has to be run again."""
    await database.execute(
        """UPDATE rule_draft SET revision = $2::json, state = 'draft', run = NULL, outcome = NULL, done = 0, total = 0
        WHERE id = $1""",
        draft_id, json.dump(revision),
    )  # fmt: skip
    await audit.record(by, "draft changed", "rule draft", draft_id, after=json.plain(revision))
