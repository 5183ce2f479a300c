"""Export: an imported file, unchanged except for later changes; or the whole catalogue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from components.exchange import current, formats, kept, sheets, shopify_writing, woocommerce_writing
from components.exchange.current import Current
from components.exchange.formats import Format
from components.exchange.kept import KeptFile
from components.exchange.sheets import Sheet
from components.foundation.refusals import NotFound

Cells = tuple[str, ...]


class UnknownFile(NotFound):
    message = "No file with this name has been imported."


@dataclass(frozen=True, slots=True)
class _Writer:
    format: Format
    header: Cells
    again: Callable[[KeptFile, Current], list[Cells]]
    anew: Callable[[Sheet, Current, Sequence[UUID]], list[Cells]]
    widened: Callable[[KeptFile, Current], KeptFile]


_SHOPIFY = _Writer(
    formats.SHOPIFY,
    shopify_writing.HEADER,
    shopify_writing.again,
    shopify_writing.anew,
    shopify_writing.with_costs,
)
_WOOCOMMERCE = _Writer(
    formats.WOOCOMMERCE,
    woocommerce_writing.HEADER,
    woocommerce_writing.again,
    woocommerce_writing.anew,
    lambda file, now: file,
)


async def file(name: str) -> bytes:
    """The imported file with this name. Cells whose value has not changed are identical to the byte."""
    found = await kept.file(name)
    if found is None:
        raise UnknownFile
    writer = _SHOPIFY if found.source == formats.SHOPIFY.name else _WOOCOMMERCE
    return _written(found.sheet, writer.again(found, await current.read()))


async def shopify() -> bytes:
    """Every product in Shopify's columns, and in those of imported Shopify files."""
    return await _everything(_SHOPIFY)


async def woocommerce() -> bytes:
    return await _everything(_WOOCOMMERCE)


async def _everything(writer: _Writer) -> bytes:
    """Imported lines first, in their files' order, then products that were never in such a file."""
    now = await current.read()
    files = [writer.widened(each, now) for each in await kept.files(writer.format.name)]
    sheet = _joined(files, writer.header)
    rows: list[Cells] = []
    for each in files:
        rows += [_moved(each.sheet, row, sheet) for row in writer.again(each, now)]
    written = {row.product for each in files for row in each.rows}
    rest = [id for id in now.products if id not in written]
    return _written(sheet, [*rows, *writer.anew(sheet, now, rest)])


def _joined(files: Sequence[KeptFile], header: Cells) -> Sheet:
    """One file's own format if there is only one; otherwise the columns of all. Without any, our own columns."""
    if not files:
        return Sheet(header, (), columns=sheets.columns(header))
    names = dict.fromkeys(name for each in files for name in each.sheet.header)
    first = files[0].sheet
    return Sheet(
        tuple(names), (), first.preamble, first.line_end, first.ends_with_line_end, sheets.columns(tuple(names))
    )


def _moved(own: Sheet, row: Cells, into: Sheet) -> Cells:
    if own.header == into.header:
        return row
    said = dict(zip(own.header, row, strict=False))
    return tuple(said.get(name, "") for name in into.header)


def _written(sheet: Sheet, rows: Sequence[Cells]) -> bytes:
    return sheets.write(
        sheet.header,
        rows,
        preamble=sheet.preamble,
        line_end=sheet.line_end,
        ends_with_line_end=sheet.ends_with_line_end,
    )
