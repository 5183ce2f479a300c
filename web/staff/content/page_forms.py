"""The forms for pages."""

from components.content.pages import page_editing, page_placeholders
from components.content.pages.page_editing import KINDS, PageDraft, StoredPage
from web.forms.fields import Choice, LongText, Slug, Text, Tick
from web.forms.form import Form
from web.forms.numbers import VersionNumber


class PageForm(Form):
    title = Text("Title", longest=200)
    kind = Choice("What page it is", KINDS, help="Legal pages are linked at the foot of every page.")
    slug = Slug(
        "Address",
        longest=page_editing.LONGEST_SLUG,
        required=False,
        help="The last part of /pages/…. Leave empty to create it from the title.",
    )
    summary = Text("Description for search engines", longest=300, required=False)
    body = LongText(
        "Text",
        longest=page_editing.LONGEST_BODY,
        rows=24,
        required=False,
        help="Markdown: ## heading, *emphasis*, lists. {shop name} is filled in; [[Fill in: …]] is a gap.",
    )
    based_on = VersionNumber("Version", required=False)

    def check(self) -> None:
        if wrong := page_placeholders.unknown(self.values.get("body") or ""):
            self.refuse("body", str(page_editing.UnknownPlaceholder(wrong)))

    @property
    def draft(self) -> PageDraft:
        return PageDraft(slug=self.slug, title=self.title, kind=self.kind, summary=self.summary, body=self.body)


class PublishPageForm(Form):
    anyway = Tick("Publish it although something is still missing")


def filled(stored: StoredPage) -> PageForm:
    return PageForm.blank(
        title=stored.title,
        kind=stored.kind,
        slug=stored.slug,
        summary=stored.summary,
        body=stored.body,
        based_on=stored.version,
    )
