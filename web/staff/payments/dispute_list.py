"""Every dispute, whatever waits for an answer first; what is at stake, and how often the shop won; and as a file."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromQuery
from litestar.response import Stream

from components.payments.dispute_answers import dispute_queue
from components.payments.dispute_answers.dispute_queue import BEGINNING, FILTERS, DisputeTotals, Key
from components.payments.disputes import DisputeView
from web.guards import staff
from web.staff import csv_files
from web.staff.csv_files import amount, local_day
from web.staff.payments.payment_subject_links import SubjectLink, orders_beside, subject_links
from web.views import View, page, visitor_of

LIST = "/staff/payments/disputes"
WORDS = {"answer": "Answer needed", "bank": "Waiting for the bank", "won": "Won or settled", "lost": "Lost"}
HEADS = ("Opened", "Answer by", "For", "Bank’s reason", "Status", "Amount", "Currency", "Evidence sent", "Stripe’s id")
Tab = tuple[str, str, int | None]


@dataclass(frozen=True, kw_only=True)
class DisputesPage(View):
    """`about` by the reference of a payment; `beside`, by the dispute, the order that was paid together with it;
    `older` is the address of the next page."""

    template: ClassVar[str] = "staff/payments/disputes/index.html"
    disputes: list[DisputeView]
    about: dict[UUID, SubjectLink]
    beside: dict[str, SubjectLink]
    totals: DisputeTotals
    filters: list[Tab]
    filter: str
    older: str
    is_first: bool
    file: str


class StaffDisputeListController(Controller):
    path = LIST
    guards = [staff("orders")]

    @get()
    async def index(
        self, request: Request[Any, Any, Any], show: FromQuery[str] = "", after: FromQuery[str] = ""
    ) -> Response[Any]:
        state, key = _state(show), _key(after)
        found, totals = await dispute_queue.part(state, after=key), await dispute_queue.totals()
        ids = [one.reference_id for one in found.disputes if one.reference_id]
        return page(
            request,
            DisputesPage(
                disputes=found.disputes,
                about=await subject_links(ids, visitor_of(request)),
                beside=await orders_beside([one.id for one in found.disputes], visitor_of(request)),
                totals=totals,
                filters=[("All", LIST, None), *((words, _tab(s), totals.counts[s]) for s, words in WORDS.items())],
                filter=_tab(state),
                older=_older(state, found.after),
                is_first=key == BEGINNING,
                file=f"{LIST}.csv{f'?show={state}' if state else ''}",
            ),
        )


class StaffDisputeFileController(Controller):
    path = f"{LIST}.csv"
    guards = [staff("orders")]

    @get()
    async def show(self, request: Request[Any, Any, Any], show: FromQuery[str] = "") -> Stream:
        state = _state(show)
        rows = _rows(request, dispute_queue.everything(state))
        return await csv_files.streamed(request, "disputes", HEADS, rows, show=state)


async def _rows(request: Request[Any, Any, Any], found: AsyncIterator[DisputeView]) -> AsyncIterator[tuple[str, ...]]:
    async for one in found:
        ids = [one.reference_id] if one.reference_id else []
        links = await subject_links(ids, visitor_of(request)) | await orders_beside([one.id], visitor_of(request))
        about = "; ".join(each.name for each in links.values())
        yield (
            local_day(one.created_at), local_day(one.answer_by), about, one.cause, one.state,
            amount(one.amount, one.currency), one.currency, str(one.submissions), one.id,
        )  # fmt: skip


def _state(show: str) -> str:
    return show if show in FILTERS else ""


def _tab(state: str) -> str:
    return f"{LIST}?show={state}" if state else LIST


def _older(state: str, after: Key | None) -> str:
    if after is None:
        return ""
    return f"{LIST}?show={state}&after={quote('.'.join(map(str, after)))}"


def _key(written: str) -> Key:
    """Of the address of a page; the beginning for one that was never written."""
    rank, _, rest = written[:200].partition(".")
    at, _, id = rest.partition(".")
    if rank in ("0", "1", "2", "3") and at.removeprefix("-").isdecimal() and at.isascii() and len(at) < 15 and id:
        return int(rank), int(at), id
    return BEGINNING
