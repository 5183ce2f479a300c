"""Pictures that imports named: how far fetching them has come, and those that could not be fetched."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components.catalog.pictures import picture_fetches
from components.catalog.pictures.picture_fetches import HeldUp, MissingPicture, PictureCounts
from components.product_files.runs import import_runs
from web.current_person import person_id_of
from web.forms.sending import read_body
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page

PAGE = "/staff/imports/pictures"


@dataclass(frozen=True)
class PictureProgress:
    """Of one import, or of all of them where `by_import` is None."""

    counts: PictureCounts
    missing: list[MissingPicture]
    held_up: list[HeldUp]
    by_import: UUID | None

    @property
    def is_under_way(self) -> bool:
        return self.counts.waiting > 0


@dataclass(frozen=True, kw_only=True)
class FetchedPicturesPage(View):
    template: ClassVar[str] = "staff/catalogue/imports/pictures.html"
    partial: ClassVar[str | None] = "staff/catalogue/imports/_all_pictures.html"

    pictures: PictureProgress


async def progress(by_import: UUID | None = None) -> PictureProgress:
    counts = await picture_fetches.counts(by_import=by_import)
    missing = await picture_fetches.missing(by_import=by_import) if counts.failed else []
    held_up = await picture_fetches.held_up(by_import=by_import) if counts.waiting else []
    return PictureProgress(counts, missing, held_up, by_import)


class StaffFetchedPicturesController(Controller):
    path = PAGE
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, FetchedPicturesPage(pictures=await progress()))

    @post("/stop")
    async def stop(self, request: Request[Any, Any, Any]) -> Response[Any]:
        run_id = await _asked(request)
        stopped = await picture_fetches.stop(by=person_id_of(request), by_import=run_id)
        words = f"Stopped: {_counted(stopped)} not fetched." if stopped else "No pictures were waiting any more."
        return with_notice(see_other(_back(run_id)), words)

    @post("/again")
    async def try_again(self, request: Request[Any, Any, Any]) -> Response[Any]:
        run_id = await _asked(request)
        again = await picture_fetches.try_again(by=person_id_of(request), by_import=run_id)
        words = f"Fetching {_counted(again)}." if again else "There is nothing to try again."
        return with_notice(see_other(_back(run_id)), words)


async def _asked(request: Request[Any, Any, Any]) -> UUID | None:
    """The import whose page the form stands on. Raises `NotFound`."""
    named = str((await read_body(request)).get("import") or "")
    if not named:
        return None
    try:
        run_id = UUID(named)
    except ValueError:
        raise import_runs.NotKept from None
    return (await import_runs.by_id(run_id)).id


def _back(run_id: UUID | None) -> str:
    return f"/staff/imports/{run_id}#pictures" if run_id else PAGE


def _counted(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
