"""What visitors do in the shop: funnels, what members look at and do not buy, searches, and what leads to joining."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.foundation import database
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.insights.behaviour_figures import (
    before_joining,
    funnels,
    searched_words,
    seen_periods,
    seen_rows,
    unbought,
)
from components.insights.behaviour_figures.before_joining import LeadsToJoining
from components.insights.behaviour_figures.funnels import FunnelStep
from components.insights.behaviour_figures.searched_words import Searches
from components.insights.behaviour_figures.seen_periods import SeenPeriod
from components.insights.behaviour_figures.seen_rows import SeenRow
from components.insights.behaviour_figures.unbought import UnboughtProduct
from web.forms.form import Form
from web.forms.times import Day
from web.guards import staff
from web.pager import Pager, page_asked
from web.staff.reports import behaviour_words
from web.views import View, page

PAGE = "/staff/behaviour"
WHO = ("", "members", "others")


class PeriodForm(Form):
    """`from` and `to` of the address."""

    first = Day("From")
    last = Day("To")

    def check(self) -> None:
        if not self.errors and self.last < self.first:
            self.refuse("last", "Choose a day that is not before the first.")

    @property
    def period(self) -> SeenPeriod:
        return SeenPeriod(self.first, self.last)


@dataclass(frozen=True)
class StepRow:
    """`shares` of the first step, of members and others, in hundredths of a percent; None where there is none."""

    step: FunnelStep
    words: str
    members: int | None
    others: int | None


@dataclass(frozen=True, kw_only=True)
class BehaviourPage(View):
    """`query` is the period as an address has it; `began` the day counting began, if it is in the period or later."""

    template: ClassVar[str] = "staff/reports/behaviour/index.html"

    form: PeriodForm
    keeps: str
    buying: tuple[StepRow, ...]
    joining: tuple[StepRow, ...]
    began: date | None
    unbought: tuple[UnboughtProduct, ...]
    searches: Searches | None
    leads: LeadsToJoining | None
    places: dict[str, str]
    query: str
    definitions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SeenRowsPage(View):
    template: ClassVar[str] = "staff/reports/behaviour/rows.html"

    title: str
    kind: str
    period: SeenPeriod
    rows: tuple[SeenRow, ...]
    sum: int
    back: str
    pages: Pager


class StaffBehaviourController(Controller):
    path = PAGE
    guards = [staff("metrics")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        form, known = _asked(request), shop_settings.current()
        view = BehaviourPage(
            form=form,
            keeps=known.behaviour,
            buying=(),
            joining=(),
            began=None,
            unbought=(),
            searches=None,
            leads=None,
            places={},
            query="",
            definitions=behaviour_words.DEFINITIONS,
        )
        return page(request, view if not form.is_valid else await _of(form), status=200 if form.is_valid else 422)

    @get("/rows/{kind:str}")
    async def rows(self, request: Request[Any, Any, Any], kind: FromPath[str]) -> Response[bytes]:
        """The counts, orders or memberships that one figure adds up."""
        form, who, number = _asked(request), request.query_params.get("who", ""), page_asked(request)
        if kind not in seen_rows.ALL or who not in WHO or not form.is_valid:
            raise NotFound
        found = await seen_rows.page(kind, form.period, who=who, number=number)
        first = found[0] if found else None
        if first is None and number > 1:
            raise NotFound
        given = _address(form.period)
        view = SeenRowsPage(
            title=behaviour_words.title(kind, who),
            kind=kind,
            period=form.period,
            rows=tuple(found),
            sum=first.sum if first else 0,
            back=f"{PAGE}?{urlencode(given)}",
            pages=Pager(
                page=number,
                pages=-(-(first.total if first else 0) // seen_rows.PER_PAGE),
                path=f"{PAGE}/rows/{kind}",
                query=given | {"who": who},
            ),
        )
        return page(request, view)


async def _of(form: PeriodForm) -> BehaviourPage:
    """One statement asks for everything."""
    period, known = form.period, shop_settings.current()
    steps, products, searches, leads, since = await database.batch(
        funnels.query(period), unbought.query(period), searched_words.query(period), before_joining.query(period),
        seen_periods.counted_since(),
    )  # fmt: skip
    began = since if since and since >= period.first else None
    is_whole = since is not None and since < period.first
    return BehaviourPage(
        form=form,
        keeps=known.behaviour,
        buying=_rows(steps["buying"], is_whole=is_whole),
        joining=_rows(steps["joining"], is_whole=is_whole),
        began=began,
        unbought=products,
        searches=searches,
        leads=leads,
        places={one.subject: behaviour_words.place(one) for one in leads.came_from},
        query=urlencode(_address(period)),
        definitions=behaviour_words.DEFINITIONS,
    )


def _asked(request: Request[Any, Any, Any]) -> PeriodForm:
    usual = seen_periods.usual()
    asked = request.query_params
    first = asked.get("from") or usual.first.isoformat()
    return PeriodForm.of({"first": [first], "last": [asked.get("to") or usual.last.isoformat()]})


def _address(period: SeenPeriod) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _rows(steps: tuple[FunnelStep, ...], *, is_whole: bool) -> tuple[StepRow, ...]:
    """What is known of all time (orders, memberships) is no share of what was not counted in the whole period."""
    first, words = steps[0], behaviour_words.STEPS
    return tuple(
        StepRow(one, words[one.key], _share(one.members, first.members), _share(one.others, first.others))
        if is_whole or one.key not in seen_rows.OWN
        else StepRow(one, words[one.key], None, None)
        for one in steps
    )


def _share(number: int, of: int) -> int | None:
    return round(number * 10_000 / of) if of else None
