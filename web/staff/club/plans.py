"""Plans in the staff area: name, price versions and included benefits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.experiments import price_promises
from components.experiments.price_promises import PricePromised, PromisesOfPlan
from components.foundation import formatting
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import made_addresses
from components.insights.metrics import display_names
from components.memberships.billing import price_migrations
from components.memberships.editing import benefit_removals, plan_benefits, plans
from components.memberships.editing.plan_benefits import BenefitDefinition
from components.memberships.entitlements import member_directory
from components.memberships.plans import plan_catalogue, plan_fees, renewed_terms
from components.memberships.plans.plan_cache import CachedPrice
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import plan_places
from components.memberships.promises.plan_places import PlacesCount
from web.current_person import person_id_of
from web.forms.fields import Choice, LongText, ReferenceField, Slug, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal, with_undo
from web.shop.join import fee_tax
from web.staff import filled_in
from web.staff.club.places_text import places_text
from web.staff.club.plan_forms import EarnedBy, SpendForm, TermsForm, earned_by, terms_form
from web.staff.edit_conflicts import overtaken
from web.views import View, page

LIST = "/staff/plans"
INTERVALS = (
    ("month", "Months"),
    ("quarter", "Quarters"),
    ("year", "Years"),
    ("week", "Weeks"),
    ("life", "For life (free, or paid once)"),
)


TOO_LONG = (
    "After it has renewed, members may leave at any time with a month’s notice ({source}), and this plan renews for "
    "longer. Bill it every month, make it a one-off payment that does not renew, or tick that you refund the months."
)


class WordsForm(Form):
    is_shared = True
    name = Text("Name", longest=120)
    summary = LongText("Short description", longest=300, required=False, rows=2)
    position = Whole("Sort order", most=99, help="0 comes first. Shop pages promote the first paid plan.")


class PriceForm(Form):
    is_shared = True
    price = AmountField(
        "Price",
        most=plans.MOST,
        help="New members pay this price. Current members keep the price they joined at.",
    )
    count = Whole("Billed every", least=1, most=99)
    interval = Choice("Period", INTERVALS)

    @property
    def period(self) -> tuple[str, int]:
        """A quarter is three months."""
        return ("month", 3 * self.count) if self.interval == "quarter" else (self.interval, self.count)


class NewPlanForm(PriceForm):
    name = Text("Name", longest=120)
    summary = LongText("Short description", longest=300, required=False, rows=2)
    position = Whole("Sort order", most=99, help="0 comes first.")
    slug = Slug(
        "Address",
        longest=80,
        required=False,
        help="The end of its address, /join/ and this. Left empty it is made from the name. It can’t be changed later.",
    )
    is_once = Tick("One-off payment: the membership ends after one period, or never if it is for life")
    gives_months_back = Tick(
        "Renew it all the same: I refund the unused months to members who leave after it has renewed"
    )

    def check(self) -> None:
        """Where the law lets members leave each month after a renewal, staff choose what it is to be."""
        if {"interval", "count", "price"} - self.values.keys() or self.is_once or not self.price:
            return
        if renewed_terms.is_too_long(*self.period) and not self.gives_months_back:
            self.refuse("interval", TOO_LONG.format(source=renewed_terms.source()))


class AttachBenefitForm(Form):
    benefit = ReferenceField("Benefit")


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    slug: str
    name: str
    price_words: str
    benefits: int
    members: int
    places: str
    is_offered: bool
    renews_too_long: bool


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One price of a plan; `held` is how many subscriptions still pay it."""

    words: str
    from_at: datetime
    until_at: datetime | None
    held: int


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """Somebody on the waiting list; `held_until` while a place is held for them."""

    person: UUID
    name: str
    asked_at: datetime
    held_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class StaffPlansPage(View):
    template: ClassVar[str] = "staff/club/plans/index.html"
    plans: tuple[PlanRow, ...]
    law: str


@dataclass(frozen=True, kw_only=True)
class NewPlanPage(View):
    template: ClassVar[str] = "staff/club/plans/new.html"
    form: NewPlanForm
    is_without_tax: bool
    law: str


@dataclass(frozen=True, kw_only=True)
class PlanPage(View):
    template: ClassVar[str] = "staff/club/plans/show.html"
    plan: PlanView
    law: str
    words_form: WordsForm
    price_form: PriceForm
    fee_sum: str
    terms_form: TermsForm
    spend_form: SpendForm
    earned_by: EarnedBy | None
    older: int
    price_promises: PromisesOfPlan | None
    versions: tuple[VersionRow, ...]
    promised: tuple[BenefitDefinition, ...]
    ending: dict[UUID, datetime]
    others: tuple[BenefitDefinition, ...]
    members: int
    places: PlacesCount | None
    waiting: tuple[WaitingRow, ...]


class StaffPlansController(Controller):
    path = LIST
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        held = await member_directory.on_plans()
        rows = [_row(plan, held.get(plan.id, 0), await places_text(plan.id)) for plan in plan_catalogue.all_plans()]
        law = renewed_terms.source() if any(one.renews_too_long for one in rows) else ""
        return page(request, StaffPlansPage(plans=tuple(rows), law=law))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = NewPlanForm.blank(count=1, interval="month", position=len(plan_catalogue.all_plans()))
        return page(request, _new_page(filled_in.by_address(form, request)))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await NewPlanForm.read(request)
        if form.is_valid:
            try:
                slug = form.slug or made_addresses.from_title(form.name)[:80] or "plan"
                await _create(form, slug, by=person_id_of(request))
                return with_notice(see_other(f"{LIST}/{slug}"), f"{form.name} created. Now add its benefits.")
            except plans.SlugTaken as refusal:
                form.refuse("slug", str(refusal))
            except plans.BadPrice as refusal:
                form.refuse("price", str(refusal))
        return page(request, _new_page(form), status=422)

    @get("/{slug:str}")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        return await plan_page(request, plan_catalogue.by_slug(slug))

    @post("/{slug:str}")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plan_catalogue.by_slug(slug), await WordsForm.read(request)
        if not form.is_valid or overtaken(form, _words_form(plan)):
            return await plan_page(request, plan, words_form=form, status=form.answer_status)
        by = person_id_of(request)
        await plans.set_words(plan.id, name=form.name, summary=form.summary, position=form.position, by=by)
        return with_notice(see_other(f"{LIST}/{slug}"), "Saved.")

    @post("/{slug:str}/price")
    async def update_price(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plan_catalogue.by_slug(slug), await PriceForm.read(request)
        if form.is_valid and not overtaken(form, _price_form(plan)):
            try:
                by = person_id_of(request)
                interval, count = form.period
                is_kept = form.price == plan_fees.typed(plan.price.amount, plan.tax_category)
                fee = plan.price.amount if is_kept else plan_fees.charged(form.price, plan.tax_category)
                await plans.revise(plan.id, price=fee, interval=interval, count=count, by=by)
                return with_notice(see_other(f"{LIST}/{slug}"), "Saved. New members pay this price from now on.")
            except Refusal as refusal:
                form.refuse("price", str(refusal))
        return await plan_page(request, plan, price_form=form, status=form.answer_status)

    @post("/{slug:str}/offer")
    async def offer(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        await plans.activate(plan_catalogue.by_slug(slug).id, by=person_id_of(request))
        return with_notice(see_other(f"{LIST}/{slug}"), "Plan activated. Customers can see and join it.")

    @post("/{slug:str}/retirement")
    async def retire(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan = plan_catalogue.by_slug(slug)
        try:
            await plans.archive(plan.id, by=person_id_of(request))
        except PricePromised as refusal:
            return with_refusal(see_other(f"{LIST}/{slug}"), str(refusal))
        words = "Plan archived. New customers no longer see it; its members keep it."
        return with_undo(see_other(f"{LIST}/{slug}"), words, undo=f"{LIST}/{slug}/offer")

    @post("/{slug:str}/benefits")
    async def give(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plan_catalogue.by_slug(slug), await AttachBenefitForm.read(request)
        if not form.is_valid:
            return with_refusal(see_other(f"{LIST}/{slug}"), "Choose a benefit.")
        position = len(plan.benefits)
        try:
            await plan_benefits.attach(plan.id, form.benefit, position=position, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(f"{LIST}/{slug}"), str(refusal))
        return with_notice(see_other(f"{LIST}/{slug}"), "Benefit added, also for current members.")


def _new_page(form: NewPlanForm) -> NewPlanPage:
    return NewPlanPage(form=form, is_without_tax=plan_fees.are_typed_without_tax(), law=renewed_terms.source())


async def _create(form: NewPlanForm, slug: str, *, by: UUID) -> None:
    await plans.create(
        slug=slug,
        name=form.name,
        summary=form.summary,
        price=plan_fees.charged(form.price),
        interval=form.period[0],
        interval_count=form.period[1],
        is_once=form.is_once,
        position=form.position,
        by=by,
    )


def _words_form(plan: PlanView) -> WordsForm:
    return WordsForm.blank(name=plan.name, summary=plan.summary, position=plan.position)


def _price_form(plan: PlanView) -> PriceForm:
    price = plan_fees.typed(plan.price.amount, plan.tax_category)
    return PriceForm.blank(price=price, count=plan.interval_count, interval=plan.interval)


async def plan_page(
    request: Request[Any, Any, Any],
    plan: PlanView,
    *,
    words_form: WordsForm | None = None,
    price_form: PriceForm | None = None,
    terms: TermsForm | None = None,
    spend: SpendForm | None = None,
    status: int = 200,
) -> Response[Any]:
    held, every = await member_directory.on_plans(), await plan_benefits.all_benefits()
    given = {benefit.id for benefit in plan.benefits}
    return page(
        request,
        PlanPage(
            plan=plan,
            law=renewed_terms.source() if renewed_terms.concerns(plan) else "",
            words_form=words_form or _words_form(plan),
            price_form=price_form or _price_form(plan),
            fee_sum=fee_tax.home_sum_text(plan),
            terms_form=terms or await terms_form(plan),
            spend_form=spend or SpendForm.blank(months=12),
            earned_by=await earned_by(plan),
            older=sum(group.count for group in await price_migrations.price_groups(plan)),
            price_promises=await price_promises.of_plan(plan.id),
            versions=await _versions(plan),
            promised=tuple(one for one in every if one.id in given),
            ending=await benefit_removals.scheduled_removals(plan.id),
            others=tuple(one for one in every if one.id not in given),
            members=held.get(plan.id, 0),
            places=await plan_places.of_plan(plan.id),
            waiting=await _waiting(plan),
        ),
        status=status,
    )


async def _waiting(plan: PlanView) -> tuple[WaitingRow, ...]:
    found = await plan_places.waiting_list(plan.id)
    named = await display_names.names(one.person for one in found)
    return tuple(
        WaitingRow(
            person=one.person,
            name=named.get(one.person, "Erased"),
            asked_at=one.asked_at,
            held_until=one.held_until,
        )
        for one in found
    )


async def _versions(plan: PlanView) -> tuple[VersionRow, ...]:
    held = await member_directory.on_versions(plan.id)
    return tuple(
        VersionRow(
            words=f"{formatting.money(one.price, one.currency)} {_interval(one)}",
            from_at=one.from_at,
            until_at=one.until_at,
            held=held.get(one.id, 0),
        )
        for one in reversed(plan_catalogue.all_versions(plan.id))
    )


def _interval(one: CachedPrice) -> str:
    words = formatting.once if one.is_once else formatting.interval
    return words(one.interval, one.interval_count)


def _row(plan: PlanView, members: int, places: str) -> PlanRow:
    return PlanRow(
        slug=plan.slug,
        name=plan.name,
        price_words=_price_words(plan),
        benefits=len(plan.benefits),
        members=members,
        places=places,
        is_offered=plan.is_offered,
        renews_too_long=renewed_terms.concerns(plan),
    )


def _price_words(plan: PlanView) -> str:
    """ "£4.80 a month (£4.00 + £0.80 VAT)"; the brackets only where prices are without tax."""
    parts = fee_tax.home_sum_text(plan)
    return f"{plan.price_words} ({parts})" if parts else plan.price_words
