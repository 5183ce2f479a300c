"""Changing how the shop looks: checked as a whole, tried as a draft, saved, and any version before brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.brand import contrast_check, logos, style_sheet, typefaces
from components.brand.tables import BrandDraft
from components.foundation import clock, database, ids, json
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import brand_rules, setting_rows, setting_rules, shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings

NAMES = tuple(name for name in brand_rules.RULES if name.startswith("brand_"))
ANNOUNCEMENT = tuple(name for name in brand_rules.RULES if name.startswith("announcement_"))
IMAGES = ("brand_logo", "brand_logo_dark", "brand_icon")
MOST_VERSIONS = 2_000


class BrandRefused(Refusal):
    """`faults` say what is wrong, in a sentence for each setting."""

    status = 422

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


@dataclass(frozen=True, slots=True)
class BrandVersion:
    """How the shop looked from `at` on; `changed` are the settings that were different before."""

    at: datetime
    by: UUID | None
    values: dict[str, str]
    changed: tuple[str, ...]


def values(of: ShopSettings | None = None) -> dict[str, str]:
    """The settings of its looks, as rows keep them; the shop's own unless others are given."""
    known = of or shop_settings.current()
    return {name: str(getattr(known, name)) for name in NAMES}


def original() -> dict[str, str]:
    """How a shop looks that has chosen nothing."""
    return values(ShopSettings())


async def faults(wanted: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with these looks, by setting; the ones not named are as they are now."""
    found = {name: f"This {words}." for name, text in wanted.items() if (words := setting_rules.trouble(name, text))}
    for name in IMAGES:
        if name not in found and wanted.get(name) and not await logos.is_kept(wanted[name]):
            found[name] = "This image is not kept in the shop. Upload it again."
    if found:
        return found
    whole = shop_settings.current().changed(wanted)
    found = {each.setting: each.words for each in contrast_check.shortfalls(style_sheet.chosen(whole))}
    if words := typefaces.trouble(whole.brand_headings, whole.brand_text):
        found["brand_text"] = words
    return found


async def save(wanted: Mapping[str, str], *, by: UUID | None) -> tuple[str, ...]:
    """From now on the shop looks like this; returns the names of what is different. Raises `BrandRefused`."""
    if found := await faults(wanted):
        raise BrandRefused(found)
    changed = await setting_rows.change(wanted, by=by)
    if by is not None:
        await discard_draft(by)
    return changed


async def set_up(*, name: str, accent: str, logo: bytes = b"", by: UUID | None) -> tuple[str, ...]:
    """A new shop's name, colour and logo at once; a logo that is about as wide as high becomes its icon as well.

    Raises `BrandRefused` (with the nearest colour that can be read), `LogoRefused` or `ShopSettingRefused`.
    """
    wanted = {"shop_name": name.strip(), "brand_accent": accent.strip().lower()}
    if found := await faults({"brand_accent": wanted["brand_accent"]}):
        raise BrandRefused(found)
    if logo:
        wanted["brand_logo"] = await logos.upload(logo, kind="logo", by=by)
        width, height = logos.size(wanted["brand_logo"])
        if min(width, height) >= logos.SMALLEST_ICON and abs(width - height) * 3 <= max(width, height):
            wanted["brand_icon"] = await logos.upload(logo, kind="icon", by=by)
    return await setting_rows.change(wanted, by=by)


async def draft(person: UUID) -> dict[str, str] | None:
    """What this member of staff tries and has not saved."""
    row = await BrandDraft.select(BrandDraft.wanted).where(BrandDraft.person == person).first()
    return {name: text for name, text in json.load(row["wanted"]).items() if name in NAMES} if row else None


async def keep_draft(wanted: Mapping[str, str], *, by: UUID) -> None:
    """Try these looks; in place of any draft before. Raises `BrandRefused`."""
    if found := await faults(wanted):
        raise BrandRefused(found)
    row = BrandDraft(id=ids.new(), person=by, wanted=json.dump(dict(wanted)), at=clock.now())
    async with database.transaction():
        await BrandDraft.delete().where(BrandDraft.person == by)
        await BrandDraft.insert(row)


async def discard_draft(person: UUID) -> None:
    await BrandDraft.delete().where(BrandDraft.person == person)


async def versions(*, most: int = 20) -> tuple[BrandVersion, ...]:
    """The looks of the shop so far, newest first; the last is the one it had before anything was changed."""
    rows = reversed(await setting_rows.history(NAMES, most=MOST_VERSIONS))
    found: list[BrandVersion] = []
    for change in rows:
        known = found[-1].values if found else original()
        if found and found[-1].at == change.at and found[-1].by == change.by:
            found[-1].values[change.name] = change.value
            found[-1] = BrandVersion(change.at, change.by, found[-1].values, (*found[-1].changed, change.name))
        else:
            found.append(BrandVersion(change.at, change.by, {**known, change.name: change.value}, (change.name,)))
    return tuple(reversed(found[-most:]))
