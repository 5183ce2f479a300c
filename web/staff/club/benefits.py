"""Benefits in the staff area, with a preview on real products."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.checkout.delivery import delivery_terms
from components.foundation.operations.deletions import StillUsed
from components.memberships.benefits.kinds import all_kinds, by_rank, kind
from components.memberships.benefits.protocol import BenefitField
from components.memberships.editing import plan_benefits
from components.memberships.editing.plan_benefits import BenefitDefinition
from web.current_person import person_id_of
from web.guards import staff
from web.replies import deleted, see_other, with_notice, with_refusal
from web.staff import filled_in, preview_then_save
from web.staff.club.benefit_forms import BenefitForm, choices, form_answers, form_holding, form_type, form_values
from web.staff.club.benefit_preview import Example, examples
from web.staff.edit_conflicts import overtaken
from web.views import View, page, visitor_of

LIST = "/staff/benefits"
UNBORN = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class BenefitsPage(View):
    template: ClassVar[str] = "staff/club/benefits/index.html"
    benefits: tuple[BenefitDefinition, ...]
    kinds: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class BenefitPage(View):
    """`example_words` is what members would read; `action` is where the form goes, `codes` where its codes are.

    `deletion`: where it is deleted, or "" with the reason why it cannot be in `kept`.
    """

    template: ClassVar[str] = "staff/club/benefits/edit.html"
    partial: ClassVar[str | None] = "staff/club/benefits/_preview.html"
    title: str
    kind_title: str
    kind_hint: str
    action: str
    codes: str
    form: BenefitForm
    questions: tuple[BenefitField, ...]
    example_words: str
    examples: tuple[Example, ...]
    deletion: str
    kept: str


class StaffBenefitsController(Controller):
    path = LIST
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        kinds = tuple((one.key, one.title, one.hint) for one in all_kinds().values())
        return page(request, BenefitsPage(benefits=await plan_benefits.all_benefits(), kinds=kinds))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any], kind: FromQuery[str] = "") -> Response[Any]:
        kind = kind or by_rank()[0].key
        form = form_type(kind).blank(choices=choices(await delivery_terms.current()), **_begin(kind))
        filled_in.by_address(form, request)
        return await _shown(request, kind, form, action=f"{LIST}/new?kind={kind}", title="New benefit")

    @post("/new")
    async def create(self, request: Request[Any, Any, Any], kind: FromQuery[str] = "") -> Response[Any]:
        kind = kind or by_rank()[0].key
        is_a_look, form = await preview_then_save.submitted(
            request, form_type(kind), choices=choices(await delivery_terms.current())
        )
        given = form_answers(form, kind)
        if given is None or is_a_look:
            return await _shown(request, kind, form, action=f"{LIST}/new?kind={kind}", title="New benefit")
        await plan_benefits.create_benefit(kind_key=kind, name=form.name, answers=given, by=person_id_of(request))
        return with_notice(see_other("/staff/plans"), f"“{form.name}” created. Now choose the plans that include it.")

    @get("/{benefit_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        known = await plan_benefits.by_id(benefit_id)
        held = await form_holding(known.kind, known.answers)
        form = form_values(known.kind, known.name, known.answers, await delivery_terms.current(), held)
        filled_in.by_address(form, request)
        return await _shown(request, known.kind, form, action=f"{LIST}/{benefit_id}", title=known.name, id=benefit_id)

    @post("/{benefit_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        known, action = await plan_benefits.by_id(benefit_id), f"{LIST}/{benefit_id}"
        held = await form_holding(known.kind, known.answers)
        terms = await delivery_terms.current()
        offered = choices(terms, held)
        is_a_look, form = await preview_then_save.submitted(request, form_type(known.kind), choices=offered)
        form.held = held
        given, by = form_answers(form, known.kind), person_id_of(request)
        stored = form_values(known.kind, known.name, known.answers, terms, held)
        if given is not None and not is_a_look and not overtaken(form, stored):
            redefining = plan_benefits.change_benefit(benefit_id, name=form.name, answers=given, by=by)
            if await preview_then_save.save(form, redefining):
                return with_notice(
                    see_other(LIST), "Saved. The change applies from now on; the previous version stays on record."
                )
        return await _shown(request, known.kind, form, action=action, title=known.name, id=benefit_id)

    @post("/{benefit_id:uuid}/deletion")
    async def delete(self, request: Request[Any, Any, Any], benefit_id: FromPath[UUID]) -> Response[Any]:
        known = await plan_benefits.by_id(benefit_id)
        try:
            deletion = await plan_benefits.delete_benefit(benefit_id, by=person_id_of(request))
        except StillUsed as refusal:
            return with_refusal(see_other(f"{LIST}/{benefit_id}"), str(refusal))
        return deleted(see_other(LIST), f"“{known.name}” deleted.", deletion)


def _begin(kind_key: str) -> dict[str, str]:
    """The first of each set of choices."""
    return {one.name: one.choices[0][0] for one in kind(kind_key).fields if one.choices}


async def _shown(
    request: Request[Any, Any, Any],
    kind_key: str,
    form: BenefitForm,
    *,
    action: str,
    title: str,
    id: UUID = UNBORN,
) -> Response[Any]:
    of_kind, visitor = kind(kind_key), visitor_of(request)
    is_kept = id != UNBORN and await plan_benefits.was_in_a_plan(id)
    is_post = request.method == "POST"
    given = form_answers(form, kind_key) if is_post else None
    if not is_post and form.values.get("name"):
        given = form_answers(await _reread(form, kind_key), kind_key)
    settings = of_kind.read(given) if given is not None else None
    shown: tuple[Example, ...] = ()
    if settings is not None:
        effects = of_kind.effects(settings, benefit_id=id, name=form.name)
        shown = examples(effects, await delivery_terms.current(), visitor.at, of_kind.illustrations(settings))
    return page(
        request,
        BenefitPage(
            title=title,
            kind_title=of_kind.title,
            kind_hint=of_kind.hint,
            action=action,
            codes=f"{LIST}/{id}/codes" if of_kind.has_code_pool and id != UNBORN else "",
            form=form,
            questions=of_kind.fields,
            example_words=of_kind.words(settings) if settings is not None else "",
            examples=shown,
            deletion=f"{LIST}/{id}/deletion" if id != UNBORN and not is_kept else "",
            kept=plan_benefits.IN_A_PLAN if is_kept else "",
        ),
        status=form.answer_status if is_post else 200,
    )


async def _reread(form: BenefitForm, kind_key: str) -> BenefitForm:
    """The filled form as if it had been sent."""
    again = form_type(kind_key).of(dict(form.typed), choices=form.choices)
    again.held = form.held
    return again
