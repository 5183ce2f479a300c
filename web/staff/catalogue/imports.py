"""Product files of other shops: preview, import and export."""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.snapshot import snapshot_refresh
from components.foundation import audit, clock, settings
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound, Refusal
from components.product_files import export_file, formula_escaping, import_archive, import_file
from components.product_files.csv_sheets import MOST_BYTES, FileTooLarge
from components.product_files.import_file import ImportResult
from web.current_person import person_id_of
from web.forms.fields import File
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page

MOST_TOLD = 200
A_DAY = 24 * 60 * 60


class ImportUploadForm(Form):
    sheet = File("CSV file", help="A product export from Shopify or WooCommerce, up to 10 MB.")


@dataclass(frozen=True, kw_only=True)
class ImportsPage(View):
    template: ClassVar[str] = "staff/catalogue/imports/index.html"

    form: ImportUploadForm
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ImportPreviewPage(View):
    """The changes an import would make; `token` names the uploaded file."""

    template: ClassVar[str] = "staff/catalogue/imports/show.html"

    outcome: ImportResult
    token: str
    most_told: int


class StaffImportsController(Controller):
    path = "/staff/imports"
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, ImportsPage(form=ImportUploadForm.blank(), files=await import_archive.file_names()))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Read the file and show what would change; nothing is changed yet."""
        form = await ImportUploadForm.read(request)
        try:
            if not form.is_valid or form.sheet is None:
                return page(request, ImportsPage(form=form, files=await import_archive.file_names()), status=422)
            source = await form.sheet.read(MOST_BYTES + 1)
            name = PurePath(form.sheet.filename or "products.csv").name[:200]
            outcome = await import_file.preview(source, name=name)
        except Refusal as refusal:
            form.refuse("sheet", str(refusal))
            return page(request, ImportsPage(form=form, files=await import_archive.file_names()), status=refusal.status)
        return page(request, ImportPreviewPage(outcome=outcome, token=_wait(source, name), most_told=MOST_TOLD))

    @post("/{token:str}/arrival")
    async def bring_in(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        source, name = _waiting(token)
        await _note(request, "import", name)
        outcome = await import_file.run_import(source, name=name, by=person_id_of(request))
        await snapshot_refresh.catch_up(outcome.product_ids)
        words = (
            f"{outcome.name}: {outcome.count('new')} new, {outcome.count('changed')} changed, "
            f"{outcome.count('the same')} unchanged, {len(outcome.troubles)} skipped."
        )
        return with_notice(see_other("/staff/imports"), words)

    @get("/files/{name:str}")
    async def show(self, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        """The file with the current data."""
        await _note(request, "export", name)
        return _download(request, await export_file.original_file(name), name)

    @get("/catalogue/{source:str}")
    async def export(self, request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        """The whole catalogue in the format of either shop."""
        await _note(request, "export", source)
        if source == "shopify":
            return _download(request, await export_file.shopify_file(), "catalogue-shopify.csv")
        if source == "woocommerce":
            return _download(request, await export_file.woocommerce_file(), "catalogue-woocommerce.csv")
        raise NotFound("Exports are available in Shopify and WooCommerce format.")


async def _note(request: Request[Any, Any, Any], kind: str, name: str) -> None:
    """Who takes the catalogue away, or brings a file in, is on record before it happens."""
    by = person_id_of(request)
    await security_events.note(kind, person=by, detail=name)
    await audit.record(by, "import started" if kind == "import" else "exported", "catalogue", name[:100])


def _download(request: Request[Any, Any, Any], written: bytes, name: str) -> Response[Any]:
    """Exact, for a shop to read; with `for=spreadsheet` no cell of it runs in one."""
    if request.query_params.get("for") == "spreadsheet":
        written, name = formula_escaping.for_a_spreadsheet(written), f"for-a-spreadsheet-{name}"
    plain = "".join(
        sign if sign.isalnum() or sign in "-_. " else "-" for sign in name.encode("ascii", "replace").decode()
    )
    headers = {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "private, no-store"}
    return Response(written, media_type="text/csv; charset=utf-8", headers=headers)


def _wait(source: bytes, name: str) -> str:
    """Store the file until it is confirmed; its token is a hash of its content."""
    if len(source) > MOST_BYTES:
        raise FileTooLarge
    token = hashlib.blake2b(name.encode() + b"\n" + source, digest_size=20).hexdigest()
    folder = settings.current().data / "imports"
    folder.mkdir(exist_ok=True)
    _forget_old(folder)
    (folder / token).write_bytes(name.encode() + b"\n" + source)
    return token


def _forget_old(folder: Path) -> None:
    """Delete files not confirmed within a day."""
    for path in folder.iterdir():
        if path.stat().st_mtime < clock.now().timestamp() - A_DAY:
            path.unlink(missing_ok=True)


def _waiting(token: str) -> tuple[bytes, str]:
    path = settings.current().data / "imports" / token
    if len(token) != 40 or not token.isalnum() or not path.is_file():
        raise NotFound("This upload has expired. Please choose the file again.")
    name, source = path.read_bytes().split(b"\n", 1)
    return source, name.decode()
