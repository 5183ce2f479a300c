"""A figure with rows: what it is, how it is told, and where its rows come from."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from components.insights.metrics.row_pages import RowKey, RowList, RowPage
from web.staff.reports.figure_pages import Cell

Heads = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class RowFigure:
    """`told` gives its value and its formula; `file` is a row in the file, with plain dates and amounts."""

    title: str
    defined: str
    heads: Heads
    told: Callable[[], Awaitable[tuple[str, str]]]
    page: Callable[[RowKey], Awaitable[RowPage[Any]]]
    every: Callable[[], AsyncIterator[Any]]
    cells: Callable[[Any], tuple[Cell, ...]]
    file: Callable[[Any], tuple[str, ...]]


def listed(
    title: str, defined: str, heads: Heads, told: Callable[[], Awaitable[tuple[str, str]]], rows: RowList[Any],
    cells: Callable[[Any], tuple[Cell, ...]], file: Callable[[Any], tuple[str, ...]],
) -> RowFigure:  # fmt: skip
    return RowFigure(title, defined, heads, told, rows.page, rows.every, cells, file)
