"""A benefit inside a scenario: the form and preview of the benefit editor, saved in the scenario only."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.checkout.delivery import delivery_terms
from components.insights.backtests import rule_drafts
from components.insights.backtests.rule_drafts import Drafted
from components.memberships.benefits.effects import Effects
from components.memberships.benefits.kinds import kind as type_of
from components.memberships.benefits.protocol import BenefitField, Kind
from components.memberships.editing import plan_benefits
from components.memberships.plans import plan_catalogue
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other
from web.staff import preview_then_save
from web.staff.backtests.backtests import LIST
from web.staff.club.benefit_forms import BenefitForm, choices, form_answers, form_holding, form_type, form_values
from web.staff.club.benefit_preview import Example, examples
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class ReplayRulePage(View):
    template: ClassVar[str] = "staff/backtests/edit.html"
    partial: ClassVar[str | None] = "staff/club/benefits/_preview.html"
    draft_name: str
    back: str
    title: str
    kind_title: str
    kind_hint: str
    action: str
    form: BenefitForm
    questions: tuple[BenefitField, ...]
    example_words: str
    examples: tuple[Example, ...]


class StaffReplayRulesController(Controller):
    path = LIST + "/{draft_id:uuid}/benefits"
    guards = [staff("plans")]

    @get("/new")
    async def new(
        self,
        request: Request[Any, Any, Any],
        draft_id: FromPath[UUID],
        plan: FromQuery[str] = "",
        kind: FromQuery[str] = "",
    ) -> Response[Any]:
        draft, of_kind = await rule_drafts.by_id(draft_id), type_of(kind).key
        first = {one.name: one.choices[0][0] for one in type_of(of_kind).fields if one.choices}
        form = form_type(of_kind).blank(choices=choices(await delivery_terms.current()), **first)
        return await _shown(request, draft, of_kind, form, _new(draft_id, plan, of_kind), _plan_title(plan))

    @post("/new")
    async def create(
        self,
        request: Request[Any, Any, Any],
        draft_id: FromPath[UUID],
        plan: FromQuery[str] = "",
        kind: FromQuery[str] = "",
    ) -> Response[Any]:
        draft, of_kind = await rule_drafts.by_id(draft_id), type_of(kind).key
        is_a_look, form = await preview_then_save.submitted(
            request, form_type(of_kind), choices=choices(await delivery_terms.current())
        )
        given, to, by = form_answers(form, of_kind), plan_catalogue.by_slug(plan).id, person_id_of(request)
        if given is not None and not is_a_look:
            defining = rule_drafts.add_benefit(
                draft_id, kind_key=of_kind, name=form.name, answers=given, plan=to, by=by
            )
            if await preview_then_save.save(form, defining):
                return see_other(f"{LIST}/{draft_id}")
        return await _shown(request, draft, of_kind, form, _new(draft_id, plan, of_kind), _plan_title(plan))

    @get("/{benefit_id:uuid}")
    async def edit(
        self, request: Request[Any, Any, Any], draft_id: FromPath[UUID], benefit_id: FromPath[UUID]
    ) -> Response[Any]:
        draft = await rule_drafts.by_id(draft_id)
        of_kind, name, drafted = await _as_drafted(draft, benefit_id)
        form = form_values(of_kind, name, drafted, await delivery_terms.current(), await form_holding(of_kind, drafted))
        return await _shown(request, draft, of_kind, form, f"{LIST}/{draft_id}/benefits/{benefit_id}", name, benefit_id)

    @post("/{benefit_id:uuid}")
    async def update(
        self, request: Request[Any, Any, Any], draft_id: FromPath[UUID], benefit_id: FromPath[UUID]
    ) -> Response[Any]:
        draft = await rule_drafts.by_id(draft_id)
        of_kind, name, drafted = await _as_drafted(draft, benefit_id)
        held = await form_holding(of_kind, drafted)
        is_a_look, form = await preview_then_save.submitted(
            request, form_type(of_kind), choices=choices(await delivery_terms.current(), held)
        )
        form.held = held
        given, by = form_answers(form, of_kind), person_id_of(request)
        if given is not None and not is_a_look:
            redefining = rule_drafts.set_revision(draft_id, benefit_id, name=form.name, answers=given, by=by)
            if await preview_then_save.save(form, redefining):
                return see_other(f"{LIST}/{draft_id}")
        return await _shown(request, draft, of_kind, form, f"{LIST}/{draft_id}/benefits/{benefit_id}", name, benefit_id)


def _plan_title(slug: str) -> str:
    return f"New benefit for {plan_catalogue.by_slug(slug).name}"


def _new(draft_id: UUID, plan: str, kind_key: str) -> str:
    return f"{LIST}/{draft_id}/benefits/new?plan={plan}&kind={kind_key}"


async def _as_drafted(draft: Drafted, benefit_id: UUID) -> tuple[str, str, dict[str, Any]]:
    """The benefit's kind, its name, and its answers in the scenario."""
    new = draft.revision.benefit(benefit_id)
    if new is not None:
        return new.kind, new.name, type_of(new.kind).answers(type_of(new.kind).load(new.settings))
    known = await plan_benefits.by_id(benefit_id)
    settings = draft.revision.redefined.get(benefit_id)
    of_kind = type_of(known.kind)
    return known.kind, known.name, of_kind.answers(of_kind.load(settings)) if settings else known.answers


async def _shown(
    request: Request[Any, Any, Any],
    draft: Drafted,
    kind_key: str,
    form: BenefitForm,
    action: str,
    title: str,
    benefit_id: UUID | None = None,
) -> Response[Any]:
    of_kind = type_of(kind_key)
    again = form if request.method == "POST" else form_type(kind_key).of(dict(form.typed), choices=form.choices)
    again.held = form.held
    given = form_answers(again, kind_key) if again.values.get("name") or request.method == "POST" else None
    settings = of_kind.read(given) if given is not None else None
    effects = None
    if settings is not None:
        effects = of_kind.effects(settings, benefit_id=benefit_id or draft.id, name=form.name)
    return page(
        request,
        ReplayRulePage(
            draft_name=draft.name,
            back=f"{LIST}/{draft.id}",
            title=title,
            kind_title=of_kind.title,
            kind_hint=of_kind.hint,
            action=action,
            form=form,
            questions=of_kind.fields,
            example_words=of_kind.words(settings) if settings is not None else "",
            examples=await _examples(request, of_kind, settings, effects),
        ),
        status=422 if request.method == "POST" and not form.is_valid else 200,
    )


async def _examples(
    request: Request[Any, Any, Any], of_kind: Kind[Any], settings: Any, effects: Effects | None
) -> tuple[Example, ...]:
    if effects is None:
        return ()
    return examples(effects, await delivery_terms.current(), visitor_of(request).at, of_kind.illustrations(settings))
