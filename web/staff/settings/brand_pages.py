"""The shop's looks: chosen, tried on real pages, saved, and any version before brought back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components.brand import brand_changes, logos, palette, ready_palettes
from components.brand.brand_changes import BrandRefused, BrandVersion
from components.brand.contrast_check import Reading
from components.brand.logos import Kind, LogoRefused
from components.brand.palette import Palette
from components.foundation.refusals import NotFound
from components.people import operators
from web.current_person import person_id_of
from web.forms.fields import Text
from web.forms.form import Form
from web.forms.sending import WITH_FILE, read_body
from web.guards import owner
from web.looks import brand_preview
from web.looks.shop_look import Logo
from web.replies import see_other, with_notice
from web.staff.settings import brand_forms
from web.staff.settings.brand_forms import LIST, BrandForm, PaletteSample
from web.views import View, page

_FILES: tuple[tuple[str, str, str, Kind], ...] = (
    ("logo_file", "drop_logo", "brand_logo", "logo"),
    ("logo_dark_file", "drop_logo_dark", "brand_logo_dark", "logo"),
    ("icon_file", "drop_icon", "brand_icon", "icon"),
)


@dataclass(frozen=True, kw_only=True)
class BrandVersionRow:
    """One version, as its page shows it."""

    version: BrandVersion
    by: str
    changes: str
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class BrandPage(View):
    template: ClassVar[str] = "staff/settings/brand.html"
    form: BrandForm
    is_draft: bool
    images: dict[str, Logo]
    samples: tuple[PaletteSample, ...]
    colours: Palette
    readings: tuple[Reading, ...]
    versions: tuple[BrandVersionRow, ...]


class VersionForm(Form):
    at = Text("Version", longest=60)


class BrandController(Controller):
    path = LIST
    guards = [owner]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        tried = await brand_changes.draft(person_id_of(request))
        form = BrandForm.showing(brand_changes.values() | (tried or {}))
        return page(request, await _shown(form, is_draft=tried is not None))

    @post(request_max_body_size=WITH_FILE)
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Save these looks, or with `to=preview` try them."""
        to_preview = (await read_body(request)).get("to") == "preview"
        form, by = await _read(request), person_id_of(request)
        try:
            if form.is_valid and to_preview:
                await brand_changes.keep_draft(form.looks, by=by)
                return _previewing()
            changed = await brand_changes.save(form.looks, by=by) if form.is_valid else ()
        except BrandRefused as refusal:
            for name, words in refusal.faults.items():
                form.refuse(name, words)
        if not form.is_valid:
            tried = await brand_changes.draft(by)
            return page(request, await _shown(form, is_draft=tried is not None), status=422)
        words = "Saved. The shop and its e-mails look like this from now on." if changed else "Nothing was changed."
        return _ended(with_notice(see_other(LIST), words))

    @post("/palette")
    async def choose_palette(self, request: Request[Any, Any, Any]) -> Response[Any]:
        found = ready_palettes.by_slug(str((await read_body(request)).get("palette") or ""))
        if found is None:
            raise NotFound
        known = brand_changes.values() | (await brand_changes.draft(by := person_id_of(request)) or {})
        await brand_changes.keep_draft(known | found.settings, by=by)
        return with_notice(see_other(LIST), f"{found.name} is in your draft. Preview it, then save it.")

    @post("/version")
    async def restore(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """An earlier version, or with an empty `at` the original, as a draft."""
        form = VersionForm.of({"at": [(await read_body(request)).get("at") or "original"]})
        wanted = brand_changes.original() if form.at == "original" else await _version(form.at)
        await brand_changes.keep_draft(wanted, by=person_id_of(request))
        return with_notice(see_other(LIST), "This version is in your draft. Preview it, then save it.")

    @get("/preview")
    async def preview(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The shop in the draft's looks."""
        if await brand_changes.draft(person_id_of(request)) is None:
            return see_other(LIST)
        return _previewing()

    @post("/draft/end")
    async def end_preview(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The shop as it is again; the draft is kept."""
        return _ended(see_other(LIST))

    @post("/draft/removal")
    async def discard(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await brand_changes.discard_draft(person_id_of(request))
        return _ended(with_notice(see_other(LIST), "Draft discarded. The shop looks as it did."))


def _previewing() -> Response[Any]:
    response = see_other("/")
    response.set_cookie(brand_preview.cookie())
    return response


def _ended(response: Response[Any]) -> Response[Any]:
    response.set_cookie(brand_preview.cookie(seconds=0))
    return response


async def _read(request: Request[Any, Any, Any]) -> BrandForm:
    """The form, with each uploaded file kept and named: it is not lost when something else is wrong."""
    form, by = await BrandForm.read(request), person_id_of(request)
    for field, drop, name, kind in _FILES:
        if form.values[drop]:
            form.keep({name: ""})
        sent = form.values[field]
        if sent is None:
            continue
        try:
            form.keep({name: await logos.upload(await sent.read(logos.MOST_BYTES + 1), kind=kind, by=by)})
        except LogoRefused as refusal:
            form.refuse(field, str(refusal))
    return form


async def _version(at: str) -> dict[str, str]:
    try:
        wanted = datetime.fromisoformat(at)
    except ValueError:
        raise NotFound from None
    found = next((each for each in await brand_changes.versions(most=brand_changes.MOST_VERSIONS)
                  if each.at == wanted), None)  # fmt: skip
    if found is None:
        raise NotFound
    return found.values


async def _shown(form: BrandForm, *, is_draft: bool) -> BrandPage:
    looks = form.looks
    return BrandPage(
        form=form,
        is_draft=is_draft,
        images={name: _image(looks[name]) for *_, name, _ in _FILES if await _is_image(looks[name])},
        samples=brand_forms.samples(looks),
        colours=palette.derived(brand_forms.chosen(looks)),
        readings=brand_forms.readings(looks),
        versions=await _versions(),
    )


async def _is_image(name: str) -> bool:
    return bool(name) and await logos.is_kept(name)


def _image(name: str) -> Logo:
    path = f"/brand/logo-{name.partition('-')[0]}"
    return Logo(f"{path}.webp", f"{path}.png", *logos.size(name))


async def _versions() -> tuple[BrandVersionRow, ...]:
    names: dict[UUID, str] = {one.person_id: one.name or one.email for one in await operators.all_operators()}
    now = brand_changes.values()
    return tuple(
        BrandVersionRow(
            version=each,
            by=names.get(each.by, "Former staff") if each.by else "",
            changes=", ".join(BrandForm.declared[name].label for name in each.changed),
            is_shown=each.values == now,
        )
        for each in await brand_changes.versions()
    )
