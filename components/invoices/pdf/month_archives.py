"""A month of invoices as a file of PDFs: asked for by staff, made by a job in parts of bounded size, kept for a day."""

import io
import zipfile
from datetime import date, timedelta
from uuid import UUID

import structlog

from components.foundation import audit, clock, database, ids, jobs
from components.invoices import invoice_list
from components.invoices.pdf import invoice_pdf
from components.invoices.tables import InvoiceArchive, IssuedInvoice

TASK = "archive_invoices"
MOST = 400
"""Invoices in one part: some ten megabytes, and a minute or two of work."""
KEPT = timedelta(days=1)
log = structlog.get_logger()


async def request(month: date, *, by: UUID) -> list[InvoiceArchive]:
    """All parts of the month, each a job of its own; those that wait already are not asked for again."""
    async with database.transaction():
        count = await IssuedInvoice.count().where(invoice_list.of_month(month))
        waiting = {one.part: one for one in await of_month(month) if not (one.ready_at or one.trouble)}
        parts = [n for n in range(1, -(-count // MOST) + 1) if n not in waiting]
        made = [InvoiceArchive(id=ids.new(), month=month, part=n, by=by, asked_at=clock.now()) for n in parts]
        if made:
            await InvoiceArchive.insert(*made)
            await audit.record(by, "exported", "invoices", f"{month:%Y-%m}", after={"invoices": count})
        for one in made:
            await jobs.defer(TASK, lock=TASK, archive_id=str(one.id))
    return [*waiting.values(), *made]


async def make(archive_id: str) -> None:
    """What cannot be made is said on the page; the job is not tried again."""
    archive = await InvoiceArchive.objects().where(InvoiceArchive.id == UUID(archive_id)).first()
    if archive is None or archive.ready_at:
        return
    rows = await _rows(archive)
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
            place = 0
            async for pdf in invoice_pdf.of_many(rows):
                file.writestr(f"{file_name(rows[place].number)}.pdf", pdf)
                place += 1
    except invoice_pdf.NoPdf as trouble:
        log.warning("a month of invoices could not be made", trouble=repr(trouble.__cause__))
        await archive.update_self({InvoiceArchive.trouble: f"{rows[place].number} could not be made into a PDF."})
        return
    await archive.update_self(
        {
            InvoiceArchive.ready_at: clock.now(),
            InvoiceArchive.invoices: len(rows),
            InvoiceArchive.content: made.getvalue(),
            InvoiceArchive.trouble: "",
        }
    )


async def _rows(archive: InvoiceArchive) -> list[IssuedInvoice]:
    found = IssuedInvoice.objects().where(invoice_list.of_month(archive.month))
    ordered = found.order_by(IssuedInvoice.series, IssuedInvoice.serial)
    return await ordered.limit(MOST).offset((archive.part - 1) * MOST)


async def of_month(month: date) -> list[InvoiceArchive]:
    """Without their content, the parts in their order; the newest of each first."""
    columns = [one for one in InvoiceArchive.all_columns() if one is not InvoiceArchive.content]
    found = await InvoiceArchive.select(*columns).where(InvoiceArchive.month == month).order_by(
        InvoiceArchive.part
    ).order_by(InvoiceArchive.asked_at, ascending=False)  # fmt: skip
    newest: dict[int, InvoiceArchive] = {}
    for one in found:
        newest.setdefault(one["part"], InvoiceArchive(**one))
    return list(newest.values())


async def by_id(archive_id: UUID) -> InvoiceArchive | None:
    return await InvoiceArchive.objects().where(InvoiceArchive.id == archive_id).first()


async def delete_old() -> None:
    """Scheduled: the invoices stay, only the files go."""
    await InvoiceArchive.delete().where(InvoiceArchive.asked_at < clock.now() - KEPT)


def file_name(number: str) -> str:
    """A number may have a slash in it."""
    return number.replace("/", "-")
