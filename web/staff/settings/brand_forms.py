"""The forms of the shop's looks and of its announcement, and what is shown beside them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from components.brand import brand_changes, contrast_check, palette, ready_palettes, typefaces
from components.brand.contrast_check import Reading
from components.brand.palette import Chosen, Palette
from components.brand.ready_palettes import ReadyPalette
from components.foundation.shop_settings import brand_rules, shop_settings
from web.forms.fields import Choice, Choices, Field, File, Text, Tick, Wrong
from web.forms.form import Form
from web.forms.times import Moment

LIST = "/staff/settings/brand"


class Colour(Field[str]):
    """A colour as "#1f4e79"; browsers show a picker."""

    kind = "colour"

    def read(self, typed: str) -> str:
        written = "#" + typed.strip().lower().removeprefix("#")
        if len(written) == 4:
            written = "#" + "".join(part * 2 for part in written[1:])
        if brand_rules.RULES["brand_accent"](written):
            raise Wrong("Enter a colour as six digits, like #1f4e79.")
        return written


class ColourText(Colour):
    """One that may be left empty, so it is typed."""

    kind = "text"
    absent = ""


def _faces(slugs: tuple[str, ...]) -> Choices:
    found = (typefaces.by_slug(slug) for slug in slugs)
    return tuple((face.slug, f"{face.name}: {face.words}") for face in found)


class BrandForm(Form):
    brand_accent = Colour("Accent colour", help="Membership, links, main buttons and icons.")
    brand_ground = Colour("Page background", help="Light; the shades of panels and the text are worked out from it.")
    brand_sale = Colour("Sale colour", help="Reduced prices and sale labels.")
    brand_accent_dark = ColourText(
        "Accent on dark pages", required=False, help="Leave it empty: one that can be read is worked out."
    )
    brand_buttons = Choice(
        "Main buttons", (("accent", "In the accent colour"), ("text", "In the colour of the text")), as_radio=True
    )
    brand_headings = Choice("Headings", _faces(typefaces.HEADINGS))
    brand_text = Choice("Text", _faces(typefaces.TEXTS))
    brand_corners = Choice(
        "Corners", (("round", "Round"), ("soft", "A little rounded"), ("square", "Square")), as_radio=True
    )
    brand_surface = Choice(
        "Panels and footer", (("plain", "Plain"), ("speckled", "Speckled like paper")), as_radio=True
    )
    brand_logo = Field[str]("Logo", required=False)
    brand_logo_dark = Field[str]("Logo for dark pages", required=False)
    brand_icon = Field[str]("Icon", required=False)
    logo_file = File("Logo", required=False, accept=".png,.jpg,.jpeg,.webp", help="PNG, JPEG or WebP, at most 5 MB.")
    logo_dark_file = File(
        "Logo for dark pages", required=False, accept=".png,.jpg,.jpeg,.webp",
        help="Without one, the logo stands on white on dark pages.",
    )  # fmt: skip
    icon_file = File(
        "Icon", required=False, accept=".png,.jpg,.jpeg,.webp",
        help="A square of 512 pixels or more. Browser tabs, phones and the social picture are made from it.",
    )  # fmt: skip
    drop_logo = Tick("Remove the logo")
    drop_logo_dark = Tick("Remove the logo for dark pages")
    drop_icon = Tick("Remove the icon")

    @classmethod
    def showing(cls, values: dict[str, str]) -> "BrandForm":
        return cls.blank(choices=None, **values)

    @property
    def looks(self) -> dict[str, str]:
        """What was chosen, as settings."""
        return {name: str(self.values.get(name) or "") for name in brand_changes.NAMES}

    def keep(self, values: dict[str, str]) -> None:
        """Show these values: what was uploaded is named by now."""
        for name, text in values.items():
            self.values[name], self.typed[name] = text, [text]


class AnnouncementForm(Form):
    is_shared = True
    announcement_text = Text(
        "Text", longest=brand_rules.LONGEST_ANNOUNCEMENT, required=False, help="Empty: nothing is announced."
    )
    announcement_link = Text(
        "Link", longest=300, required=False, help="A page of the shop like /collections/new, or an https:// address."
    )
    announcement_from = Moment("From", required=False)
    announcement_until = Moment("Until", required=False)

    def check(self) -> None:
        if not self.errors.get("announcement_link"):
            words = brand_rules.RULES["announcement_link"](self.values.get("announcement_link") or "")
            if words:
                self.refuse("announcement_link", f"This {words}.")
        begins, ends = self.values.get("announcement_from"), self.values.get("announcement_until")
        if begins and ends and ends <= begins:
            self.refuse("announcement_until", "The end must come after the beginning.")

    def settings(self) -> dict[str, str]:
        return {name: _written(self.values.get(name)) for name in brand_changes.ANNOUNCEMENT}

    @classmethod
    def filled(cls) -> "AnnouncementForm":
        known = shop_settings.current()
        return cls.blank(
            announcement_text=known.announcement_text,
            announcement_link=known.announcement_link,
            announcement_from=_instant(known.announcement_from),
            announcement_until=_instant(known.announcement_until),
        )


@dataclass(frozen=True, kw_only=True)
class PaletteSample:
    """A palette as it would look, light and dark."""

    palette: ReadyPalette
    colours: Palette
    is_chosen: bool


def samples(looks: dict[str, str]) -> tuple[PaletteSample, ...]:
    return tuple(
        PaletteSample(
            palette=each,
            colours=palette.derived(each.chosen),
            is_chosen=all(looks.get(name) == text for name, text in each.settings.items()),
        )
        for each in ready_palettes.PALETTES
    )


def chosen(looks: dict[str, str]) -> Chosen:
    """The colours of these looks; where one is no colour, the shop's own."""
    known = shop_settings.current()
    good = {name: text for name, text in looks.items() if not brand_rules.RULES[name](text)}
    whole = known.changed(good)
    return Chosen(
        accent=whole.brand_accent, accent_dark=whole.brand_accent_dark, ground=whole.brand_ground,
        sale=whole.brand_sale, buttons=whole.brand_buttons,
    )  # fmt: skip


def readings(looks: dict[str, str]) -> tuple[Reading, ...]:
    return contrast_check.readings(chosen(looks))


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
