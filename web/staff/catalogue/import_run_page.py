"""The page of one uploaded file, whatever it is a file of: checked, waiting for a yes, being imported, or over."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Request, Response

from components.foundation.sheets import csv_encodings
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.product_files.runs import import_columns, import_runs, import_steps
from components.product_files.runs.import_columns import FileColumns
from components.product_files.runs.import_runs import ImportRun, NotWaiting
from components.product_files.runs.import_steps import Told
from web.forms.fields import Choice, Choices, Many
from web.forms.form import Form
from web.replies import see_other, with_notice
from web.staff.catalogue import fetched_pictures
from web.staff.catalogue.fetched_pictures import PictureProgress
from web.views import View, page

MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class RunPages:
    """Where the runs of some kinds of files are shown, and what is in those files."""

    path: str
    kinds: frozenset[str]
    one: str
    many: str


class ImportColumnsForm(Form):
    encoding = Choice("Characters are written in", tuple(csv_encodings.CHOICES.items()), required=False)
    columns = Many("Columns", required=False)

    @property
    def by_place(self) -> dict[int, str]:
        """The columns by their place in the file, each with what it was said to be."""
        return {int(place): known for place, _, known in (one.partition(":") for one in self.values["columns"])}


@dataclass(frozen=True, kw_only=True)
class ImportPage(View):
    template: ClassVar[str] = "staff/catalogue/imports/show.html"
    partial: ClassVar[str | None] = "staff/catalogue/imports/_run.html"

    run: ImportRun
    told: Told
    pages: RunPages
    pictures: PictureProgress
    still_to_undo: int = 0
    columns: FileColumns | None = None
    form: ImportColumnsForm | None = None


async def shown(
    request: Request[Any, Any, Any], run_id: UUID, pages: RunPages, *, form: ImportColumnsForm | None = None
) -> Response[Any]:
    run = await import_runs.by_id(run_id, pages.kinds)
    told = await import_steps.told(run_id, most=0 if run.is_under_way else MOST_TOLD)
    columns = await import_columns.of_run(run_id) if run.state == "checked" else None
    status = 200 if form is None else 422
    if columns is not None and form is None:
        given = (f"{place}:{use.known}" for place, use in enumerate(columns.uses))
        form = ImportColumnsForm.blank(
            choices=_choices(columns), encoding=columns.chosen_encoding, columns=tuple(given)
        )
    found = await fetched_pictures.progress(run_id)
    left = await import_runs.still_to_undo(run_id) if run.state in ("done", "cancelled") else 0
    view = ImportPage(
        run=run, told=told, pages=_named(pages, run), pictures=found, still_to_undo=left, columns=columns, form=form
    )
    return page(request, view, status=status)


def _named(pages: RunPages, run: ImportRun) -> RunPages:
    """A file of customers or orders is called so."""
    if run.source in ("customers", "orders"):
        return RunPages(pages.path, pages.kinds, run.source.removesuffix("s"), run.source)
    return pages


def _choices(columns: FileColumns) -> dict[str, Choices]:
    known = ("", *columns.known)
    return {"columns": tuple((f"{place}:{name}", name) for place in range(len(columns.uses)) for name in known)}


async def chosen(request: Request[Any, Any, Any], run_id: UUID, pages: RunPages) -> Response[Any]:
    """Check the file again with other columns or letters."""
    await import_runs.by_id(run_id, pages.kinds)
    columns = await import_columns.of_run(run_id)
    if columns is None:
        raise NotWaiting
    form = await ImportColumnsForm.read(request, choices=_choices(columns))
    try:
        if form.is_valid:
            await import_columns.choose(run_id, encoding=form.encoding, by_place=form.by_place)
    except UnreadableFile as refusal:
        form.refuse("columns", str(refusal))
    if not form.is_valid:
        return await shown(request, run_id, pages, form=form)
    return see_other(f"{pages.path}/{run_id}")


async def cancelled(run_id: UUID, pages: RunPages) -> Response[Any]:
    await import_runs.by_id(run_id, pages.kinds)
    run = await import_runs.cancel(run_id)
    words = "Import cancelled." if run.state == "cancelled" else "This import was already over."
    return with_notice(see_other(f"{pages.path}/{run_id}"), words)
