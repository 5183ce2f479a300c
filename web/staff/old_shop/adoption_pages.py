"""The page of one adoption: being read, waiting for plans and a yes, under way, or over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Request, Response

from components.adoption import adoption_mapping, adoption_report, adoption_runs
from components.adoption.adoption_mapping import PriceThere
from components.adoption.adoption_report import NO_PLAN, OUTCOMES, WITHOUT_PLAN, ReportPage
from components.adoption.adoption_runs import AdoptionRun
from components.adoption.verdicts import LEFT, READY
from components.foundation import formatting
from components.memberships.plans.plan_catalogue import PlanView
from web.forms.fields import Choices, Many, Tick
from web.forms.form import Form
from web.pager import Pager, page_asked
from web.views import View, page

LIST = "/staff/members/adoptions"


class PlansForm(Form):
    plans = Many("Plans", required=False)

    @property
    def by_price(self) -> dict[str, UUID | None]:
        """The plan of each price, by the price's id."""
        chosen = (one.partition(":") for one in self.values["plans"])
        return {price: UUID(plan) if plan else None for price, _, plan in chosen}


class BeginForm(Form):
    old_stopped = Tick(
        "The earlier software no longer bills anybody",
        help="Turn off its automatic payments first. This is kept on record with your name.",
        required=False,
    )
    tells = Tick("E-mail everybody who is adopted that their membership has moved", required=False)
    asks = Tick("E-mail those without a card, asking them to join again before their paid time is over", required=False)


@dataclass(frozen=True, slots=True)
class KindShown:
    """How many rows come to the same, and whether that is good news."""

    kind: str
    words: str
    rows: int
    is_ready: bool


@dataclass(frozen=True, kw_only=True)
class AdoptionPage(View):
    template: ClassVar[str] = "staff/old_shop/adoptions/show.html"
    partial: ClassVar[str | None] = "staff/old_shop/adoptions/_run.html"

    run: AdoptionRun
    kinds: list[KindShown]
    outcomes: list[KindShown]
    report: ReportPage
    kind: str
    pages: Pager
    prices: list[PriceThere]
    price_words: dict[UUID, str]
    plans: tuple[PlanView, ...]
    ready: int
    made: int
    needs_word: bool
    without_card: bool
    plans_form: PlansForm
    form: BeginForm


async def shown(
    request: Request[Any, Any, Any],
    run_id: UUID,
    *,
    kind: str = "",
    plans_form: PlansForm | None = None,
    form: BeginForm | None = None,
) -> Response[Any]:
    run = await adoption_runs.by_id(run_id)
    counts, outcomes = await adoption_report.counts(run_id), await adoption_report.outcomes(run_id)
    report = await adoption_report.page(run_id, kind=kind, number=page_asked(request))
    prices = await adoption_mapping.of_run(run_id) if run.state == "read" else []
    given = tuple(f"{price.id}:{price.plan or ''}" for price in prices)
    view = AdoptionPage(
        run=run,
        kinds=[KindShown(one, _words(one), rows, one in READY) for one, rows in counts.items()],
        outcomes=[KindShown(one, OUTCOMES[one], rows, True) for one, rows in outcomes.items()],
        report=report,
        kind=kind,
        pages=Pager(page=report.number, pages=report.last, path=f"{LIST}/{run_id}", query={"kind": kind}),
        prices=prices,
        price_words={price.id: _price_words(price) for price in prices},
        plans=adoption_mapping.plans(),
        ready=sum(rows for one, rows in counts.items() if one in READY),
        made=await adoption_runs.made(run_id),
        needs_word=await adoption_report.needs_word(run_id),
        without_card=await adoption_report.without_card(run_id),
        plans_form=plans_form or PlansForm.blank(choices=plan_choices(prices), plans=given),
        form=form or BeginForm.blank(),
    )
    return page(request, view, status=422 if plans_form or form else 200)


def _words(kind: str) -> str:
    return READY.get(kind) or LEFT.get(kind) or (WITHOUT_PLAN if kind == NO_PLAN else kind)


def _price_words(price: PriceThere) -> str:
    if price.fee is None:
        return "not billed"
    return f"{formatting.money(price.fee)} {formatting.interval(price.interval, price.interval_count)}"


def plan_choices(prices: Sequence[PriceThere]) -> dict[str, Choices]:
    """Each price with each plan, or with none."""
    plans = ("", *(str(plan.id) for plan in adoption_mapping.plans()))
    return {"plans": tuple((f"{price.id}:{plan}", plan) for price in prices for plan in plans)}
