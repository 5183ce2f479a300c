"""The page on which staff write a segment: a draft, its sentence and its count, without JavaScript too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from litestar import Request, Response

from components.foundation.refusals import Refusal
from components.segments import rule_groups, rule_sentences, segments
from components.segments.rule_groups import RulesRefused
from components.segments.segment_editing import SegmentRefused
from web.staff.segments import awaited_forecasts, rule_inputs
from web.staff.segments.rule_draft import Draft
from web.staff.segments.rule_inputs import MATCHES, RulePart
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class SegmentEditor(View):
    """`seen` is when the segment had been changed last; `trouble` is about the rules as a whole, or the saving."""

    template: ClassVar[str] = "staff/segments/edit.html"
    partial: ClassVar[str | None] = "staff/segments/_answer.html"
    title: str
    action: str
    back: str
    name: str
    name_error: str
    seen: str
    match: str
    matches: tuple[tuple[str, str], ...]
    parts: tuple[RulePart, ...]
    kinds: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    trouble: str
    sentence: str
    count: int | None
    counted_at: datetime
    count_trouble: str


@dataclass
class Written:
    """What is in the form, and what is wrong with it."""

    name: str
    draft: Draft
    seen: str = ""
    name_error: str = ""
    trouble: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def refuse(self, refusal: Refusal) -> None:
        self.status = refusal.status
        if isinstance(refusal, SegmentRefused) and refusal.field == "name":
            self.name_error = str(refusal)
        else:
            self.trouble = str(refusal)
        if isinstance(refusal, RulesRefused):
            self.wrong = refusal.fields


async def shown(request: Request[Any, Any, Any], written: Written, *, title: str, action: str, back: str) -> Any:
    """With the sentence and the count of what is typed, as far as it can be read; fields that are still empty have no
    error before somebody has tried to save."""
    sentence, count, count_trouble, at = "", None, "", visitor_of(request).at
    try:
        group = rule_groups.typed(written.draft)
        sentence = rule_sentences.of_group(group)
        count = await segments.count_of(group, at=at)
        count_trouble = await awaited_forecasts.words(written.draft, count)
        count = count if count or not count_trouble else None
    except RulesRefused as refusal:
        count_trouble = str(refusal) if written.draft["parts"] else ""
        if refusal.fields:
            count_trouble = "Fill in the rules to see whom they fit."
    except segments.CountTooSlow as refusal:
        count_trouble = str(refusal)
    view = SegmentEditor(
        title=title, action=action, back=back, name=written.name, name_error=written.name_error, seen=written.seen,
        match=written.draft["match"], matches=MATCHES, parts=rule_inputs.parts(written.draft, written.wrong),
        kinds=rule_inputs.kinds(), trouble=written.trouble, sentence=sentence, count=count, counted_at=at,
        count_trouble=count_trouble,
    )  # fmt: skip
    made: Response[Any] = page(request, view, status=written.status)
    return made
