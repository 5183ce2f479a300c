"""A small form for each kind of section of the home page."""

from typing import Any

from components.catalog.snapshot import snapshot_refresh
from components.content.site import link_targets
from web.forms.fields import Choice, Choices, File, LongText, Text
from web.forms.form import Form
from web.forms.numbers import Whole
from web.staff.content import link_fields
from web.staff.content.link_fields import LinkAddress

MOST_SHOWN = 12
MOST_QUOTES = 4


class SectionForm(Form):
    """`settings` is what is stored; a picture is added by whoever has stored its file."""

    is_shared = True

    def settings(self) -> dict[str, Any]:
        return {name: self.values[name] for name in self.declared if self.values.get(name)}

    @classmethod
    def filled(cls, settings: dict[str, Any]) -> "SectionForm":
        return cls.blank(choices=choices(), **{name: settings.get(name) or None for name in cls.declared})


class LinkedForm(SectionForm):
    """With a link that is picked from what the shop has, or typed."""

    def settings(self) -> dict[str, Any]:
        found = super().settings()
        picked, typed = found.pop("pick", ""), found.pop("other", "")
        return found | ({"href": typed or picked} if typed or picked else {})

    @classmethod
    def filled(cls, settings: dict[str, Any]) -> "SectionForm":
        pick, other = link_fields.split(settings.get("href", ""))
        return super().filled({**settings, "pick": pick, "other": other})

    def check(self) -> None:
        if self.values.get("link") and not (self.values.get("pick") or self.values.get("other")):
            self.refuse("pick", "Choose where the link leads, or leave its words empty.")


class HeroForm(LinkedForm):
    title = Text("Heading", longest=120, required=False, help="Empty: your tagline.")
    text = LongText("Text", longest=400, rows=3, required=False)
    pick = Choice("Link to", required=False)
    other = LinkAddress("Or another address", longest=300, required=False)
    link = Text("Words of the link", longest=60, required=False)
    picture = File("Picture", required=False, help="At least 1,200 pixels wide. Empty: a picture of a new product.")
    picture_alt = Text("What the picture shows", longest=300, required=False, help="For people who cannot see it.")


class TitleForm(SectionForm):
    title = Text("Heading", longest=120, required=False, help="Empty: the usual one.")


class CountedForm(TitleForm):
    count = Whole("How many", least=1, most=MOST_SHOWN, required=False)


class CollectionSectionForm(CountedForm):
    collection = Choice("Collection")


class ForYouForm(CountedForm):
    collection = Choice(
        "Collection for all others",
        required=False,
        help="Shown to visitors for whom there is nothing to choose from. Empty: they do not see this section.",
    )


class ProductSectionForm(TitleForm):
    product = Choice("Product")
    text = LongText("Text", longest=1_000, rows=4, required=False, help="Markdown: *emphasis*, lists.")


class TextForm(LinkedForm):
    title = Text("Heading", longest=120, required=False)
    text = LongText("Text", longest=10_000, rows=8, help="Markdown: ## heading, *emphasis*, lists.")
    pick = Choice("Link to", required=False)
    other = LinkAddress("Or another address", longest=300, required=False)
    link = Text("Words of the link", longest=60, required=False)


class QuotesForm(SectionForm):
    title = Text("Heading", longest=120, required=False)
    words_1 = LongText("Quote", longest=400, rows=3)
    who_1 = Text("Who said it", longest=120, required=False)
    words_2 = LongText("Second quote", longest=400, rows=3, required=False)
    who_2 = Text("Who said the second", longest=120, required=False)
    words_3 = LongText("Third quote", longest=400, rows=3, required=False)
    who_3 = Text("Who said the third", longest=120, required=False)
    words_4 = LongText("Fourth quote", longest=400, rows=3, required=False)
    who_4 = Text("Who said the fourth", longest=120, required=False)

    def settings(self) -> dict[str, Any]:
        pairs = [(self.values.get(f"words_{n}"), self.values.get(f"who_{n}")) for n in range(1, MOST_QUOTES + 1)]
        quotes = [{"words": words, "who": who or ""} for words, who in pairs if words]
        return {"title": self.values.get("title") or "", "quotes": quotes}

    @classmethod
    def filled(cls, settings: dict[str, Any]) -> "SectionForm":
        known = {"title": settings.get("title")}
        for place, one in enumerate(settings.get("quotes", ()), 1):
            known |= {f"words_{place}": one["words"], f"who_{place}": one["who"]}
        return super().filled(known)


FORMS: dict[str, type[SectionForm]] = {
    "hero": HeroForm,
    "newest": CountedForm,
    "for_you": ForYouForm,
    "collection": CollectionSectionForm,
    "collections": TitleForm,
    "product": ProductSectionForm,
    "membership": TitleForm,
    "journal": CountedForm,
    "text": TextForm,
    "quotes": QuotesForm,
}


def choices() -> dict[str, Choices]:
    snapshot = snapshot_refresh.snapshot()
    return {
        "pick": link_fields.choices(),
        "collection": tuple((one.slug, one.title) for one in snapshot.collections),
        "product": tuple((href.removeprefix("/products/"), name) for href, name in link_targets.products()),
    }
