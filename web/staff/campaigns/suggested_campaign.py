"""A campaign that a suggestion has written: to the customers of its rows, who are tagged when it is saved."""

from typing import Any
from uuid import UUID

from litestar import Request

from components.foundation.formatting import number
from components.foundation.refusals import NotAllowed, NotFound
from components.insights.suggestions import suggestion_rows, suggestions
from components.insights.suggestions.suggestions import SuggestionView
from components.segments import tagged_lists
from web.current_person import person_id_of
from web.forms.fields import Choices
from web.forms.sending import read_body
from web.staff.campaigns import campaign_forms
from web.staff.campaigns.campaign_forms import SUGGESTED, CampaignForm
from web.views import visitor_of


async def asked(request: Request[Any, Any, Any]) -> SuggestionView | None:
    """Of an address, or of a form that was begun from one. Raises `NotFound`, and `NotAllowed`: its rows are customers,
    and a tag is theirs."""
    typed = request.query_params.get("suggestion", "")
    if request.method == "POST":
        chosen = str((await read_body(request)).get("segment") or "")
        typed = chosen.removeprefix(SUGGESTED) if chosen.startswith(SUGGESTED) else ""
    if not typed:
        return None
    visitor = visitor_of(request)
    if not (visitor.may("metrics") and visitor.may("members")):
        raise NotAllowed("This needs the permissions for metrics and for members.")
    try:
        one = await suggestions.by_id(UUID(typed))
    except ValueError:
        raise NotFound from None
    if not one.draft.tag:
        raise NotFound
    return one


async def choices(one: SuggestionView | None) -> dict[str, Choices]:
    """The segments there are, and beside them its customers."""
    known = await campaign_forms.choices()
    if one is None:
        return known
    many = len(await suggestion_rows.people(one))
    customers = "The customer" if many == 1 else f"The {number(many)} customers"
    words = f"{customers} of the suggestion: tagged “{one.draft.tag}” when you save"
    return {"segment": (*known["segment"], (f"{SUGGESTED}{one.id}", words))}


def fill(form: CampaignForm, one: SuggestionView) -> None:
    """As if somebody had typed it."""
    written = one.draft
    typed = {"name": written.name, "subject": written.subject, "body": written.body, "link": written.link}
    form.typed.update({name: [words] for name, words in typed.items()}, segment=[f"{SUGGESTED}{one.id}"])


async def keep(request: Request[Any, Any, Any], one: SuggestionView) -> tuple[UUID, str]:
    """Tags them and nobody else: the segment of the tag, and what was done. Raises `SegmentRefused`, `TagRefused`."""
    people = await suggestion_rows.people(one)
    segment, many = await tagged_lists.keep(one.draft.tag, people, by=person_id_of(request))
    customers = "1 customer is" if many == 1 else f"{number(many)} customers are"
    return segment, f"{customers} tagged “{one.draft.tag}”, and nobody else."
