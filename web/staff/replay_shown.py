"""A draft of rules as its page shows it: what each plan would promise, and what came of the replay."""

from dataclasses import dataclass
from uuid import UUID

from components.insights.replay import Changed, Outcome
from components.insights.replays import Drafted
from components.memberships import offers, publishing, revisions
from components.memberships.benefits import kind
from components.memberships.revisions import NewBenefit, Pair, Revision
from web.templating import money


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A benefit of a plan, now and in the draft; `state` is "", changed, new, added or taken back."""

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


@dataclass(frozen=True, kw_only=True)
class Figure:
    label: str
    figure: str
    more: str


async def plans_of(draft: Drafted) -> tuple[PlanRules, ...]:
    known = {one.id: one for one in (*await publishing.unpromised(), *draft.revision.defined)}
    now = publishing.rules()
    drafted = {(rule.plan, rule.benefit) for rule in revisions.revised(now, draft.revision, known.values())}
    held = {(rule.plan, rule.benefit) for rule in now}
    found = []
    for plan in offers.every():
        every = [id for id in known if (plan.id, id) in held | drafted]
        rows = tuple(_row(plan.id, known[id], draft.revision, is_held=(plan.id, id) in held) for id in every)
        rest = tuple((str(id), one.name) for id, one in known.items() if id not in every)
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
        now=now if is_held else "Not promised",
        drafted="Taken back" if is_gone else drafted,
        state=_state(benefit.id, revision, is_gone=is_gone, is_held=is_held),
    )


def _state(benefit: UUID, revision: Revision, *, is_gone: bool, is_held: bool) -> str:
    if is_gone:
        return "Taken back"
    if revision.benefit(benefit) is not None:
        return "New"
    if not is_held:
        return "Added"
    return "Changed" if benefit in revision.redefined else ""


def figures(outcome: Outcome) -> tuple[Figure, ...]:
    goods, delivery = outcome.goods_drafted - outcome.goods_now, outcome.delivery_drafted - outcome.delivery_now
    return (
        Figure(label="Cost", figure=signed(outcome.cost), more="What buyers would have kept beside today’s rules."),
        Figure(
            label="Goods",
            figure=money(outcome.goods_drafted),
            more=f"{_change(goods)}, from {money(outcome.goods_now)}",
        ),
        Figure(
            label="Delivery",
            figure=money(outcome.delivery_drafted),
            more=f"{_change(delivery)}, from {money(outcome.delivery_now)}",
        ),
        Figure(
            label="Margin",
            figure=money(outcome.margin_drafted),
            more=f"{_change(outcome.margin_drafted - outcome.margin_now)}, from {money(outcome.margin_now)}",
        ),
    )


def signed(amount: int) -> str:
    """ "−£3.00" below zero; the sign is the one that is read out."""
    return money(amount) if amount >= 0 else f"−{money(-amount)}"


def _change(amount: int) -> str:
    return "as now" if not amount else f"{'+' if amount > 0 else '−'}{money(abs(amount))}"


def gain(row: Changed) -> str:
    return f"{'keeps' if row.gain > 0 else 'pays'} {money(abs(row.gain))}{'' if row.gain > 0 else ' more'}"
