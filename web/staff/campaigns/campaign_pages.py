"""Campaigns in the staff area: listed, written, scheduled, stopped and resumed, and what came of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.campaigns import audience, campaign_progress, campaign_reach, campaign_states, campaigns
from components.campaigns.campaign_reach import Reach
from components.campaigns.campaign_states import STATES, WRITTEN
from components.campaigns.campaigns import CampaignChanged, CampaignListPage, NotReady
from components.campaigns.tables import Campaign
from components.consents.consent_words import KINDS
from components.foundation import clock
from components.foundation.refusals import Refusal
from components.messaging import mailbox
from components.segments.customer_tags import TagRefused
from components.segments.segment_editing import SegmentRefused
from web.current_person import person_id_of
from web.forms.sending import read_body
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_refusal
from web.staff import filled_in
from web.staff.campaigns import suggested_campaign
from web.staff.campaigns.campaign_editor import editor, only_looks
from web.staff.campaigns.campaign_forms import CampaignForm, ScheduleForm, SendNowForm, choices, filled
from web.staff.campaigns.campaign_shown import LOOKS, shown
from web.views import View, page, visitor_of

LIST = "/staff/campaigns"


@dataclass(frozen=True, kw_only=True)
class CampaignsPage(View):
    template: ClassVar[str] = "staff/campaigns/index.html"
    listed: CampaignListPage
    states: dict[UUID, str]
    looks: dict[str, str]
    pages: Pager
    may_rule: bool


@dataclass(frozen=True, kw_only=True)
class SendNowPage(View):
    template: ClassVar[str] = "staff/campaigns/sending.html"
    form: SendNowForm
    campaign: Campaign
    kind: str
    who: str
    reach: Reach | None
    can_send: bool


class StaffCampaignsController(Controller):
    path = LIST
    guards = [staff("campaigns")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        listed = await campaigns.page(page_asked(request))
        pages = Pager(page=listed.page, pages=listed.pages, path=LIST)
        may_rule = visitor_of(request).may("settings")
        only = await campaign_progress.only_written(one.id for one in listed.campaigns)
        states = {one.id: WRITTEN if one.id in only else STATES[one.state] for one in listed.campaigns}
        view = CampaignsPage(listed=listed, states=states, looks=LOOKS, pages=pages, may_rule=may_rule)
        return page(request, view)

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        suggested = await suggested_campaign.asked(request)
        form = CampaignForm.blank(
            choices=await suggested_campaign.choices(suggested), kind="news", holdout=10, per_minute=600
        )
        if suggested is not None:
            suggested_campaign.fill(form, suggested)
        return await editor(request, filled_in.by_address(form, request), None)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Save it as a draft; or, as the button says, only look at it or send it to oneself."""
        suggested = await suggested_campaign.asked(request)
        form = await CampaignForm.read(request, choices=await suggested_campaign.choices(suggested))
        await form.look_over()
        if await only_looks(request) or not form.is_valid:
            return await editor(request, form, None, test="test" in await read_body(request))
        draft, words = form.draft, "Saved as a draft. Nothing is sent until you say so."
        if suggested is not None:
            try:
                segment, tagged = await suggested_campaign.keep(request, suggested)
            except (SegmentRefused, TagRefused) as refusal:
                form.refuse("segment", str(refusal))
                return await editor(request, form, None)
            draft, words = replace(draft, segment=segment), f"{words} {tagged}"
        made = await campaigns.create(draft, by=person_id_of(request))
        return with_notice(see_other(f"{LIST}/{made.id}"), words)

    @get("/{campaign_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], campaign_id: FromPath[UUID]) -> Response[Any]:
        campaign = await campaigns.by_id(campaign_id)
        return await shown(request, campaign, ScheduleForm.blank(version=campaign.version))

    @get("/{campaign_id:uuid}/edit")
    async def edit(self, request: Request[Any, Any, Any], campaign_id: FromPath[UUID]) -> Response[Any]:
        campaign = await campaigns.by_id(campaign_id)
        campaign_states.refuse_unless(campaign, "edit")
        return await editor(request, filled(campaign, await choices(campaign)), campaign)

    @post("/{campaign_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], campaign_id: FromPath[UUID]) -> Response[Any]:
        campaign = await campaigns.by_id(campaign_id)
        form = await CampaignForm.read(request, choices=await choices(campaign))
        await form.look_over()
        if await only_looks(request) or not form.is_valid:
            return await editor(request, form, campaign, test="test" in await read_body(request))
        try:
            await campaigns.edit(campaign_id, form.draft, version=form.version, by=person_id_of(request))
        except (CampaignChanged, campaign_states.NotInThisState) as refusal:
            form.refuse(None, str(refusal))
            return await editor(request, form, campaign, status=refusal.status)
        return with_notice(see_other(f"{LIST}/{campaign_id}"), "Saved.")

    @post("/{campaign_id:uuid}/schedule")
    async def schedule(self, request: Request[Any, Any, Any], campaign_id: FromPath[UUID]) -> Response[Any]:
        campaign, form = await campaigns.by_id(campaign_id), await ScheduleForm.read(request)
        if not form.is_valid:
            return await shown(request, campaign, form, status=422)
        return await _scheduled(request, campaign, form, at=form.at, words="Scheduled.")

    @get("/{campaign_id:uuid}/sending")
    async def ask(self, request: Request[Any, Any, Any], campaign_id: FromPath[UUID]) -> Response[Any]:
        """Whether it is to go out at once, to how many."""
        campaign = await campaigns.by_id(campaign_id)
        campaign_states.refuse_unless(campaign, "schedule")
        if trouble := await audience.trouble(campaign):
            return with_refusal(see_other(f"{LIST}/{campaign_id}"), trouble)
        view = SendNowPage(
            form=SendNowForm.blank(version=campaign.version),
            campaign=campaign,
            kind=KINDS[campaign.kind],
            who=await audience.sentence(campaign.segment or None),
            reach=await campaign_reach.reach_soon(campaign),
            can_send=mailbox.can_send(),
        )
        return page(request, view)

    @post("/{campaign_id:uuid}/sending")
    async def send(self, request: Request[Any, Any, Any], campaign_id: FromPath[UUID]) -> Response[Any]:
        campaign, form = await campaigns.by_id(campaign_id), await SendNowForm.read(request)
        late = ScheduleForm.blank(version=form.version)
        return await _scheduled(request, campaign, late, at=clock.now(), words="It begins within a minute.")

    @post("/{campaign_id:uuid}/{act:str}")
    async def act(
        self, request: Request[Any, Any, Any], campaign_id: FromPath[UUID], act: FromPath[str]
    ) -> Response[Any]:
        """Whatever takes nothing but a button: see `ACTS`."""
        if act not in ACTS:
            return see_other(f"{LIST}/{campaign_id}")
        verb, words = ACTS[act]
        try:
            made = await verb(campaign_id, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(see_other(f"{LIST}/{campaign_id}"), str(refusal))
        there = LIST if act == "deletion" else f"{LIST}/{made.id}/edit" if made else f"{LIST}/{campaign_id}"
        return with_notice(see_other(there), words)


async def _scheduled(
    request: Request[Any, Any, Any], campaign: Campaign, form: ScheduleForm, *, at: datetime, words: str
) -> Response[Any]:
    try:
        await campaigns.schedule(campaign.id, at=at, version=form.version, by=person_id_of(request))
    except (NotReady, CampaignChanged, campaign_states.NotInThisState) as refusal:
        campaign = await campaigns.by_id(campaign.id)
        return await shown(request, campaign, form.refuse(None, str(refusal)), status=refusal.status)
    return with_notice(see_other(f"{LIST}/{campaign.id}"), words)


ACTS: dict[str, tuple[Any, str]] = {
    "unschedule": (campaigns.unschedule, "It is a draft again."),
    "stop": (campaigns.stop, "Stopped. Nobody else gets it, except whoever was being sent theirs at this moment."),
    "resume": (campaigns.resume, "It goes on with those who have not had it."),
    "close": (campaigns.close, "Closed. Nobody else gets it."),
    "copy": (campaigns.copy, "This is a copy, as a draft."),
    "deletion": (campaigns.delete, "Draft deleted."),
}
