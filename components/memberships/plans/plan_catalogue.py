"""The plans on offer, as visitors see them: each with its price and benefits at an instant."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from components.foundation import clock, formatting
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.memberships.benefits.effects import E, Effects, of_type
from components.memberships.benefits.effects_cache import effects_of
from components.memberships.benefits.kinds import kind
from components.memberships.plans import plan_cache, plan_offers
from components.memberships.plans.plan_offers import PlanOffer

MONTHS = {"week": 7 / 30.4375, "month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class BenefitView:
    """`words` say exactly what is given, in the language spoken now; `name` is the headline."""

    id: UUID
    kind: str
    name: str
    settings: str
    effects: Effects

    @property
    def words(self) -> str:
        of_kind = kind(self.kind)
        return of_kind.words(of_kind.load(self.settings))


@dataclass(frozen=True, slots=True)
class PlanView:
    id: UUID
    slug: str
    name: str
    summary: str
    position: int
    is_offered: bool
    version_id: UUID
    price: Money
    interval: str
    interval_count: int
    benefits: tuple[BenefitView, ...]
    is_once: bool = False
    trial_days: int = 0
    trial_ends: str = "card"
    seats: int = 0
    is_giftable: bool = False
    tax_category: str = "standard"
    guarantees_fee: bool = False
    places: int = 0
    net_of: UUID | None = None

    @property
    def is_net(self) -> bool:
        """The price is without tax, for a business that owes it itself."""
        return self.net_of is not None

    @property
    def renews(self) -> bool:
        """Billed again and again, until it is cancelled."""
        return bool(self.price) and not self.is_once

    @property
    def is_free(self) -> bool:
        return not self.price

    @property
    def interval_words(self) -> str:
        """ "a month", "a quarter", "every 3 weeks", "once, for 6 months"; nothing when there is no price."""
        if self.is_free:
            return ""
        words = formatting.once if self.is_once else formatting.interval
        return words(self.interval, self.interval_count)

    @property
    def price_words(self) -> str:
        return _("Free") if self.is_free else f"{formatting.money(self.price)} {self.interval_words}"

    def priced_as(self, version: "PlanView") -> "PlanView":
        """The same, at the price of another of its versions."""
        return replace(
            self, version_id=version.version_id, net_of=version.net_of, price=version.price,
            interval=version.interval, interval_count=version.interval_count,
        )  # fmt: skip

    @property
    def all_effects(self) -> Effects:
        return tuple(effect for benefit in self.benefits for effect in benefit.effects)

    def effects(self, effect_type: type[E]) -> tuple[E, ...]:
        """What its members hold of one type of effect."""
        return of_type(self.all_effects, effect_type)


class _Drawn:
    """The plans as last built, valid until `until` while no plan changes."""

    version: object = None
    from_at: datetime | None = None
    until: datetime | None = None
    plans: tuple[PlanView, ...] = ()


def active_plans(at: datetime | None = None) -> tuple[PlanView, ...]:
    """Plans that new members can choose, in the shop's order."""
    return tuple(plan for plan in all_plans(at) if plan.is_offered)


def by_slug(slug: str, at: datetime | None = None) -> PlanView:
    """Raises `NotFound`; a plan no longer offered is still found."""
    found = next((plan for plan in all_plans(at) if plan.slug == slug), None)
    if found is None:
        raise NotFound(_("We couldn’t find this plan."))
    return found


def by_version(version_id: UUID) -> PlanView:
    """The plan with the price of one of its versions, however old. Raises `NotFound`."""
    kept = plan_cache.current()
    priced = next((one for one in kept.prices if one.id == version_id), None)
    if priced is None:
        raise NotFound(_("We couldn’t find this plan."))
    planned = next(one for one in kept.plans if one.id == priced.plan)
    return _view(planned, priced, clock.now())


def all_versions(plan_id: UUID) -> tuple[plan_cache.CachedPrice, ...]:
    """Every price a plan has had, oldest first; not what businesses pay of it without tax."""
    return tuple(one for one in plan_cache.current().prices if one.plan == plan_id and one.net_of is None)


def all_plans(at: datetime | None = None) -> tuple[PlanView, ...]:
    """All plans that have a price at the instant, as they are offered in this request."""
    found, offers = public_plans(at), plan_offers.current()
    return tuple(offered(plan, offers) for plan in found) if offers else found


def offered(plan: PlanView, offers: tuple[PlanOffer, ...]) -> PlanView:
    """With the words of an offer, with its price where that is less than everybody's, and with its benefits at
    the price that they were offered at, unless everybody's is less by now."""
    for one in offers:
        if one.plan != plan.id:
            continue
        if one.summary:
            plan = replace(plan, summary=one.summary)
        if one.variant:
            plan = _with_benefits(plan, one)
        elif one.version_id and one.price and one.is_less_than(plan.price, plan.interval, plan.interval_count):
            plan = replace(plan, price=one.price, version_id=one.version_id)
    return plan


def _with_benefits(plan: PlanView, offer: PlanOffer) -> PlanView:
    if offer.version_id is None:
        return with_variant(plan, offer.variant)
    asked = plan.price, plan.interval, plan.interval_count
    if offer.price is None or not (offer.is_same_price(*asked) or offer.is_less_than(*asked)):
        return plan
    return replace(with_variant(plan, offer.variant), version_id=offer.version_id, price=offer.price)


def with_variant(plan: PlanView, variant_id: UUID | None) -> PlanView:
    """The plan with the benefits that some of its members were promised; as it is for None, and for another plan's."""
    found = plan_cache.current().variants.get(variant_id) if variant_id else None
    if found is None or found.plan != plan.id:
        return plan
    theirs = of_variant(found)
    replaced = {*found.without, found.benefit}
    place = next((place for place, one in enumerate(plan.benefits) if one.id in replaced), len(plan.benefits))
    before, after = ([one for one in part if one.id not in replaced] for part in _cut(plan.benefits, place))
    return replace(plan, benefits=(*before, theirs, *after))


def of_variant(found: plan_cache.CachedVariant) -> BenefitView:
    effects = effects_of(found.kind, found.benefit, found.name, found.settings)
    return BenefitView(found.benefit, found.kind, found.name, found.settings, effects)


def _cut(benefits: tuple[BenefitView, ...], place: int) -> tuple[tuple[BenefitView, ...], ...]:
    return benefits[:place], benefits[place:]


def public_plans(at: datetime | None = None) -> tuple[PlanView, ...]:
    """All plans that have a price at the instant, as everybody is offered them."""
    at = at or clock.now()
    kept = plan_cache.current()
    if not _is_good(kept, at):
        _Drawn.plans = _draw(kept, at)
        _Drawn.version, _Drawn.from_at, _Drawn.until = kept.version, at, kept.next_change(at)
    return _Drawn.plans


def _is_good(kept: plan_cache.PlanCache, at: datetime) -> bool:
    if _Drawn.version != kept.version or _Drawn.from_at is None or at < _Drawn.from_at:
        return False
    return _Drawn.until is None or at < _Drawn.until


def _draw(kept: plan_cache.PlanCache, at: datetime) -> tuple[PlanView, ...]:
    priced = {one.plan: one for one in kept.prices if clock.holds(one.from_at, one.until_at, at)}
    return tuple(_view(plan, priced[plan.id], at) for plan in kept.plans if plan.id in priced)


def _view(plan: plan_cache.CachedPlan, priced: plan_cache.CachedPrice, at: datetime) -> PlanView:
    promised = [
        one
        for one in plan_cache.current().promises
        if one.plan == plan.id and clock.holds(one.from_at, one.until_at, at)
    ]
    view = PlanView(
        id=plan.id,
        slug=plan.slug,
        name=plan.name,
        summary=plan.summary,
        position=plan.position,
        is_offered=plan.is_offered,
        version_id=priced.id,
        price=Money(priced.price, priced.currency),
        interval=priced.interval,
        interval_count=priced.interval_count,
        benefits=tuple(_benefit(one) for one in promised),
        is_once=priced.is_once,
        trial_days=plan.trial_days if priced.price and not priced.is_once else 0,
        trial_ends=plan.trial_ends,
        seats=plan.seats,
        is_giftable=plan.is_giftable and bool(priced.price),
        tax_category=plan.tax_category,
        guarantees_fee=plan.guarantees_fee and bool(priced.price) and priced.interval != "life",
        places=plan.places,
        net_of=priced.net_of,
    )
    return with_variant(view, priced.variant)


def _benefit(one: plan_cache.CachedBenefit) -> BenefitView:
    effects = effects_of(one.kind, one.benefit, one.name, one.settings)
    return BenefitView(one.benefit, one.kind, one.name, one.settings, effects)
