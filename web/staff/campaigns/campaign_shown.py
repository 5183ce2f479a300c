"""One campaign as it stands: who gets it, how far it is, what came of it, and what it says."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Request, Response

from components.campaigns import (
    audience,
    campaign_answers,
    campaign_progress,
    campaign_reach,
    campaign_results,
    campaign_states,
)
from components.campaigns.campaign_answers import Answers
from components.campaigns.campaign_progress import Progress
from components.campaigns.campaign_reach import Reach
from components.campaigns.campaign_results import Results, ResultsTooSlow
from components.campaigns.campaign_states import STATES, WRITTEN
from components.campaigns.tables import Campaign
from components.consents.consent_words import KINDS
from components.messaging import mailbox
from web.looks import content_policy
from web.staff.campaigns import result_words
from web.staff.campaigns.campaign_editor import WrittenLook, made_up_look
from web.staff.campaigns.campaign_forms import ScheduleForm
from web.staff.campaigns.result_words import ResultRow
from web.views import View, page

LOOKS = {"draft": "plain", "scheduled": "plain", "sending": "good", "stopped": "bad", "sent": "plain"}


@dataclass(frozen=True, kw_only=True)
class CampaignPage(View):
    """`left_out`: of each reason, in words, how many."""

    template: ClassVar[str] = "staff/campaigns/show.html"
    campaign: Campaign
    kind: str
    state: str
    shade: str
    who: str
    reach: Reach | None
    progress: Progress
    left_out: tuple[tuple[str, int], ...]
    results: Results | None
    rows: tuple[ResultRow, ...]
    says: str
    too_slow: str
    answers: Answers | None
    may: frozenset[str]
    schedule: ScheduleForm
    look: WrittenLook | None
    can_send: bool


async def shown(
    request: Request[Any, Any, Any], campaign: Campaign, schedule: ScheduleForm, *, status: int = 200
) -> Response[Any]:
    progress = await campaign_progress.progress(campaign.id)
    is_begun = bool(campaign.started_at)
    trouble = await audience.trouble(campaign)
    try:
        results, too_slow = await campaign_results.results_soon(campaign), ""
    except ResultsTooSlow as slow:
        results, too_slow = None, str(slow)
    look = await made_up_look(campaign) if campaign.state != "draft" else None
    words, was_sent = campaign_progress.WORDS, not progress.nothing_sent
    view = CampaignPage(
        campaign=campaign,
        kind=KINDS[campaign.kind],
        state=WRITTEN if await campaign_progress.only_written([campaign.id]) else STATES[campaign.state],
        shade=LOOKS[campaign.state],
        who=trouble or await audience.sentence_of(campaign),
        reach=None if is_begun or trouble else await campaign_reach.reach_soon(campaign),
        progress=progress,
        left_out=tuple((words[one], count) for one, count in progress.by_outcome.items() if one not in ("", "written")),
        results=results,
        rows=result_words.rows(results) if results and was_sent else (),
        says=_says(results, progress) if results else "",
        too_slow=too_slow,
        answers=await campaign_answers.of_campaign(campaign.id, campaign.kind) if results and was_sent else None,
        may=frozenset(one for one in campaign_states.MAY if campaign_states.may(campaign, one)),
        schedule=schedule,
        look=look,
        can_send=mailbox.can_send(),
    )
    response = page(request, view, status=status)
    if look and look.email:
        response.headers["Content-Security-Policy"] = content_policy.around(look.email.html)
    return response


def _says(results: Results, progress: Progress) -> str:
    """Two groups of which nobody had anything aren't compared."""
    if progress.nothing_sent:
        return "Nothing was sent, so there is nothing to compare."
    said = result_words.sentence(results)
    if not progress.never_sent:
        return said
    return (
        f"{said} {progress.never_sent:,} of the written were never sent theirs, which hides a part of any difference."
    )
