"""What the pages of suggestions show, and the forms on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from components.insights.suggestions import suggestion_decisions
from components.insights.suggestions.suggestion_kind import FEWEST, SuggestedDraft, SuggestionKind
from components.insights.suggestions.suggestion_rows import EvidenceRow, EvidenceSum
from components.insights.suggestions.suggestions import DecisionRow, LookRow, SuggestionView
from web.forms.fields import LongText
from web.forms.form import Form
from web.forms.numbers import Whole
from web.pager import Pager
from web.views import View

LIST = "/staff/suggestions"
STATES = {
    "open": "Open",
    "tried": "Acted on",
    "snoozed": "Put off",
    "dismissed": "Dismissed",
    "done": "Done",
    "gone": "No longer found",
}
SHOWN = tuple(STATES.items())


class DismissalForm(Form):
    reason = LongText("Why", longest=suggestion_decisions.LONGEST_REASON, rows=2, help="Stays with the suggestion.")


class SnoozeForm(Form):
    days = Whole("Days", least=1, most=730)


@dataclass(frozen=True, kw_only=True)
class SuggestionsPage(View):
    """`looked_at` is when they were last looked for; `looks` say of each kind how that ended."""

    template: ClassVar[str] = "staff/suggestions/index.html"

    found: tuple[SuggestionView, ...]
    acts: dict[UUID, tuple[str, str] | None]
    ways: tuple[tuple[str, str, int], ...]
    tab: str
    kinds: dict[str, SuggestionKind]
    looks: tuple[tuple[str, str], ...]
    looked_at: datetime | None
    is_waiting: bool


@dataclass(frozen=True, kw_only=True)
class SuggestionPage(View):
    """`draft` is None for whoever may not open it. `sum` is of all rows as they are now."""

    template: ClassVar[str] = "staff/suggestions/show.html"

    one: SuggestionView
    kind: SuggestionKind
    draft: SuggestedDraft | None
    state: str
    acted: tuple[str, str] | None
    rests: int
    rows: tuple[EvidenceRow, ...]
    sum: EvidenceSum
    pages: Pager
    decisions: tuple[tuple[str, DecisionRow], ...]
    dismissal: DismissalForm
    snooze: SnoozeForm
    refusal: str
    fewest: int


def list_of(state: str) -> str:
    return LIST if state == "open" else f"{LIST}?show={state}"


def word(state: str) -> str:
    return {"open": "Reopened", "tried": "Draft opened"}.get(state) or STATES[state]


_ACTS = {
    "benefit changed": ("Benefit changed", "/staff/benefits/{}"),
    "campaign made": ("Campaign written", "/staff/campaigns/{}"),
    "collection created": ("Collection made", "/staff/collections/{}"),
    "plan created": ("Plan made", "/staff/plans/{}"),
    "save offer added": ("Save offer added", "/staff/save-offers"),
    "scenario created": ("Scenario made", "/staff/simulator/{}"),
}


def acted(one: SuggestionView) -> tuple[str, str] | None:
    """What was made or changed with its draft, and where that is: nowhere, if it has been deleted."""
    if one.acted is None:
        return None
    words, path = _ACTS[one.acted]
    return words, path.format(one.acted_on) if one.acted_on else ""


def ended(look: LookRow | None, kind: SuggestionKind) -> str:
    """How the last look for a kind ended."""
    if look is None:
        return "Not looked for yet"
    if look.trouble:
        return "Could not be worked out; see the jobs"
    if look.found:
        return f"{look.found} found"
    if look.subjects and look.most < FEWEST:
        return f"Too few yet: {look.most} of the {FEWEST} it takes ({kind.counted})"
    return "Nothing found"
