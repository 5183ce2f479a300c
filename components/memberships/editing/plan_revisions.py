"""A revision: what plans would include if some benefits were changed, added or removed. Pure values."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from components.memberships.benefits.effects_cache import effects_of
from components.memberships.benefits.protocol import BenefitEffects
from components.memberships.plans import plan_cache


class NewBenefit(msgspec.Struct, frozen=True):
    """A benefit that does not exist yet; its id is the one it will have."""

    id: UUID
    kind: str
    name: str
    settings: str


class Pair(msgspec.Struct, frozen=True, order=True):
    """A benefit of a plan."""

    plan: UUID
    benefit: UUID


class Revision(msgspec.Struct, frozen=True):
    """`redefined` has the new settings, as JSON, of benefits that exist; a pair is added or removed, not both."""

    redefined: dict[UUID, str] = msgspec.field(default_factory=dict)
    defined: tuple[NewBenefit, ...] = ()
    promised: tuple[Pair, ...] = ()
    taken_back: tuple[Pair, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.redefined or self.promised or self.taken_back)

    def benefit(self, id: UUID) -> NewBenefit | None:
        return next((one for one in self.defined if one.id == id), None)

    def with_settings(self, benefit: UUID, settings: str) -> "Revision":
        if (known := self.benefit(benefit)) is not None:
            return self.with_new(msgspec.structs.replace(known, settings=settings))
        return msgspec.structs.replace(self, redefined={**self.redefined, benefit: settings})

    def with_settings_of_today(self, benefit: UUID) -> "Revision":
        kept = {id: text for id, text in self.redefined.items() if id != benefit}
        return msgspec.structs.replace(self, redefined=kept)

    def with_another(self, wanted: NewBenefit, *, by: UUID, in_plans: Iterable[UUID]) -> "Revision":
        """A new benefit with this name and these settings, its id `by`, replaces the old one in the plans."""
        plans = tuple(in_plans)
        return Revision(
            self.redefined,
            (*self.defined, msgspec.structs.replace(wanted, id=by)),
            (*self.promised, *(Pair(plan, by) for plan in plans)),
            (*self.taken_back, *(Pair(plan, wanted.id) for plan in plans)),
        )

    def with_new(self, benefit: NewBenefit) -> "Revision":
        others = tuple(one for one in self.defined if one.id != benefit.id)
        return msgspec.structs.replace(self, defined=(*others, benefit))

    def without(self, benefit: UUID) -> "Revision":
        """Without any change to the benefit."""
        return Revision(
            redefined={id: text for id, text in self.redefined.items() if id != benefit},
            defined=tuple(one for one in self.defined if one.id != benefit),
            promised=tuple(pair for pair in self.promised if pair.benefit != benefit),
            taken_back=tuple(pair for pair in self.taken_back if pair.benefit != benefit),
        )

    def turned(self, pair: Pair, *, is_promised_now: bool) -> "Revision":
        """Toggle for this plan: added if not included, removed if it is, unchanged if that was already drafted."""
        field = "taken_back" if is_promised_now else "promised"
        drafted: tuple[Pair, ...] = getattr(self, field)
        kept = tuple(one for one in drafted if one != pair) if pair in drafted else (*drafted, pair)
        return msgspec.structs.replace(self, **{field: kept})


@dataclass(frozen=True, slots=True)
class Rule:
    """One benefit as one plan includes it."""

    plan: UUID
    benefit: UUID
    kind: str
    name: str
    settings: str

    @property
    def share(self) -> BenefitEffects:
        return effects_of(self.kind, self.benefit, self.name, self.settings)


Rules = tuple[Rule, ...]


def current_revision(promises: Iterable[plan_cache.CachedBenefit]) -> Rules:
    return tuple(Rule(one.plan, one.benefit, one.kind, one.name, one.settings) for one in promises)


def apply_revision(rules: Rules, revision: Revision, others: Iterable[NewBenefit] = ()) -> Rules:
    """The rules after the revision; `others` are benefits that no plan of `rules` includes yet."""
    known = {one.id: one for one in others} | {
        rule.benefit: NewBenefit(rule.benefit, rule.kind, rule.name, rule.settings) for rule in rules
    }
    known |= {one.id: one for one in revision.defined}
    gone = set(revision.taken_back)
    kept = [rule for rule in rules if Pair(rule.plan, rule.benefit) not in gone]
    held = {Pair(rule.plan, rule.benefit) for rule in kept}
    added = [pair for pair in revision.promised if pair not in held and pair.benefit in known]
    every = [*kept, *(_rule(pair.plan, known[pair.benefit]) for pair in added)]
    return tuple(_with_settings(rule, revision.redefined.get(rule.benefit, rule.settings)) for rule in every)


def _rule(plan: UUID, benefit: NewBenefit) -> Rule:
    return Rule(plan, benefit.id, benefit.kind, benefit.name, benefit.settings)


def _with_settings(rule: Rule, settings: str) -> Rule:
    return Rule(rule.plan, rule.benefit, rule.kind, rule.name, settings)
