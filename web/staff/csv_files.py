"""Files for a spreadsheet: written while they are sent, with no cell that runs there, and on record before they are."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.response import Stream

from components.foundation import audit
from components.foundation.money import Money
from components.foundation.operations import security_events
from components.foundation.sheets import formula_escaping
from components.foundation.shop_settings import shop_settings
from web.current_person import person_id_of
from web.staff import spooled_files

AT_ONCE = 50
"""Rows of a file that are written before others have their turn."""
BOM = b"\xef\xbb\xbf"
"""Without it a spreadsheet takes the file for something else than UTF-8."""


async def streamed(
    request: Request[Any, Any, Any], name: str, heads: Sequence[str], rows: AsyncIterator[Sequence[str]], **filters: str
) -> Stream:
    """`filters` are those of the page, for the audit log. Raises `FileTooSlow`."""
    spool = await spooled_files.begun(_written(heads, rows))
    by = person_id_of(request)
    await security_events.note("export", person=by, detail=name)
    await audit.record(by, "exported", "figures", name, after={key: one for key, one in filters.items() if one})
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "private, no-store"}
    return Stream(spool.parts(), media_type="text/csv; charset=utf-8", headers=headers)


async def _written(heads: Sequence[str], rows: AsyncIterator[Sequence[str]]) -> AsyncIterator[bytes]:
    waiting, begin = [heads], BOM
    async for row in rows:
        waiting.append(row)
        if len(waiting) > AT_ONCE:
            yield begin + _lines(waiting)
            waiting, begin = [], b""
            await asyncio.sleep(0)
    yield begin + _lines(waiting)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows(
        [formula_escaping.escape_within(each) for each in row] for row in rows
    )
    return made.getvalue().encode()


def amount(minor: int, currency: str) -> str:
    """ "1250.00", with a point in every language."""
    return Money(minor, currency).plain


def local_day(at: datetime | None) -> str:
    """The day in the shop's time zone, as 2027-03-01."""
    return f"{at.astimezone(ZoneInfo(shop_settings.current().time_zone)):%Y-%m-%d}" if at else ""


def rate(basis_points: int | None) -> str:
    """In per cent: "20", "8.1"; empty where it is not known."""
    return "" if basis_points is None else f"{basis_points / 100:g}"
