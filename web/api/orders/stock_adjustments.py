"""Stock counts reported by a program: a report is applied completely or not at all, and once however often it is
sent."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, post
from litestar.params import HeaderParameter, JSONBody
from msgspec import Meta

from components.catalog.snapshot import snapshot_refresh
from components.product_files import stock_reports
from components.product_files.stock_reports import Count
from web.api import requests
from web.api.problems import WrongFields
from web.api.responses import json_response, key_of
from web.guards import program

Name = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Your own reference for this report. Sending it again gets the same answer and changes nothing.",
    ),
]


class CountAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The counted number of units of a variant, named by its id or by its SKU."""

    on_hand: Annotated[int, Meta(ge=0, le=2_000_000_000)]
    variant: UUID | None = None
    sku: Annotated[str, Meta(min_length=1, max_length=255)] | None = None


class ReportAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    counts: Annotated[list[CountAsked], Meta(min_length=1, max_length=500)]


class CountMade(msgspec.Struct, frozen=True, kw_only=True):
    variant: UUID
    sku: str | None
    on_hand: int


class ReportMade(msgspec.Struct, frozen=True, kw_only=True):
    """`is_repeated`: the report was applied before, and nothing was changed now."""

    counts: tuple[CountMade, ...]
    is_repeated: bool


class ApiStockAdjustmentsController(Controller):
    path = "/api/v1/stock-adjustments"
    guards = [program("stock:write")]
    tags = ["With a key"]
    security = [{"key": []}]
    request_max_body_size = requests.MOST_BYTES

    @post(summary="Report counted stock", status_code=200, before_request=requests.parse_strictly(ReportAsked))
    async def create(
        self, request: Request[Any, Any, Any], data: JSONBody[ReportAsked], name: Name
    ) -> Response[ReportMade]:
        """Needs “stock:write”. If one count is not possible, none is applied."""
        counts = [Count(on_hand=one.on_hand, variant=one.variant, sku=one.sku) for one in data.counts]
        if wrong := {
            f"counts[{position}]": "Identify the variant by its id or its SKU."
            for position, one in enumerate(counts)
            if (one.variant is None) == (one.sku is None)
        }:
            raise WrongFields(wrong)
        try:
            report = await stock_reports.apply_report(key_of(request), name, counts)
        except stock_reports.NotCounted as refusal:
            raise WrongFields({f"counts[{refusal.position}]": str(refusal)}) from None
        await snapshot_refresh.catch_up(_products(report.counts))
        made = tuple(CountMade(variant=one.variant, sku=one.sku, on_hand=one.on_hand) for one in report.counts)
        return json_response(request, ReportMade(counts=made, is_repeated=report.is_repeated))


def _products(counts: tuple[stock_reports.CountedVariant, ...]) -> set[UUID]:
    """Products in this process's snapshot, so that the next page shows the new stock."""
    seen = (snapshot_refresh.snapshot().variant(one.variant) for one in counts)
    return {variant.product_id for variant in seen if variant is not None}
