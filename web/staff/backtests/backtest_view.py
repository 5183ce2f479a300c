"""A scenario as its page shows it: the benefits of each plan."""

from dataclasses import dataclass
from uuid import UUID

from components.insights.backtests.rule_drafts import Drafted
from components.memberships.benefits.kinds import all_kinds, kind
from components.memberships.editing import plan_revisions, scheduled_changes
from components.memberships.editing.plan_revisions import NewBenefit, Pair, Revision
from components.memberships.plans import plan_catalogue


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A benefit of a plan, now and in the scenario; `state` is "", changed, new, added or removed."""

    benefit: UUID
    name: str
    kind_title: str
    now: str
    drafted: str
    state: str


@dataclass(frozen=True, kw_only=True)
class PlanRules:
    id: UUID
    slug: str
    name: str
    rows: tuple[RuleRow, ...]
    others: tuple[tuple[str, str], ...]


async def plans_of(draft: Drafted) -> tuple[PlanRules, ...]:
    every = (*await scheduled_changes.plans_without_benefit(), *draft.revision.defined)
    known = {one.id: one for one in every if one.kind in all_kinds()}
    now = scheduled_changes.rules()
    drafted = {(rule.plan, rule.benefit) for rule in plan_revisions.apply_revision(now, draft.revision, known.values())}
    held = {(rule.plan, rule.benefit) for rule in now}
    found = []
    for plan in plan_catalogue.all_plans():
        own = [id for id in known if (plan.id, id) in held | drafted]
        rows = tuple(_row(plan.id, known[id], draft.revision, is_held=(plan.id, id) in held) for id in own)
        rest = tuple((str(id), one.name) for id, one in known.items() if id not in own)
        found.append(PlanRules(id=plan.id, slug=plan.slug, name=plan.name, rows=rows, others=rest))
    return tuple(found)


def _row(plan: UUID, benefit: NewBenefit, revision: Revision, *, is_held: bool) -> RuleRow:
    of_kind = kind(benefit.kind)
    settings = revision.redefined.get(benefit.id, benefit.settings)
    is_gone = Pair(plan, benefit.id) in revision.taken_back
    now, drafted = of_kind.words(of_kind.load(benefit.settings)), of_kind.words(of_kind.load(settings))
    return RuleRow(
        benefit=benefit.id,
        name=benefit.name,
        kind_title=of_kind.title,
        now=now if is_held else "Not included",
        drafted="Removed" if is_gone else drafted,
        state=_state(benefit.id, revision, is_gone=is_gone, is_held=is_held),
    )


def _state(benefit: UUID, revision: Revision, *, is_gone: bool, is_held: bool) -> str:
    if is_gone:
        return "Removed"
    if revision.benefit(benefit) is not None:
        return "New"
    if not is_held:
        return "Added"
    return "Changed" if benefit in revision.redefined else ""
