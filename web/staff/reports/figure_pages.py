"""The page of one figure: its definition, its formula with real numbers, and rows."""

from dataclasses import dataclass
from typing import Any, ClassVar

import asyncpg
from litestar import Request, Response

from components.insights.rollups.figure_readiness import FiguresAwaited
from web.views import View, page

SPANS = ("1", "7", "30", "365")
"""Days for which what was sold and paid is added up."""


@dataclass(frozen=True, slots=True)
class Cell:
    words: str
    href: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherRows:
    """The same amounts once more, by something else."""

    title: str
    words: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, kw_only=True)
class FigurePage(View):
    """`following` is the address of the rows after those on it; `rows_file` that of all of them."""

    template: ClassVar[str] = "staff/reports/metrics/figure.html"

    title: str
    value: str
    definition: str
    formula: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    files: tuple[tuple[str, str], ...] = ()
    following: str = ""
    rows_file: str = ""
    further: FurtherRows | None = None


@dataclass(frozen=True, kw_only=True)
class FiguresAwaitedPage(View):
    template: ClassVar[str] = "staff/reports/metrics/awaited.html"

    words: str


def awaited(request: Request[Any, Any, Any], refusal: FiguresAwaited) -> Response[bytes]:
    answer = page(request, FiguresAwaitedPage(words=refusal.words), status=refusal.status)
    answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def too_long(request: Request[Any, Any, Any], _trouble: Exception) -> Response[bytes]:
    """The database was stopped after some seconds: nobody waits for a page of figures for longer."""
    return page(request, FiguresAwaitedPage(words=TOO_LONG), status=FiguresAwaited.status)


TOO_LONG = "These figures take too long to add up just now. Choose a shorter period, or reload this page later."
WHERE_AWAITED: dict[int | type[Exception], Any] = {
    FiguresAwaited: awaited,
    TimeoutError: too_long,
    asyncpg.QueryCanceledError: too_long,
}
"""Of the controllers whose pages show kept figures."""
