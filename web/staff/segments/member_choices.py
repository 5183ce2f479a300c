"""What a chosen customer is shown in particular, and why: their shelf and their words to join. Looking is on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.behaviour import visit_consents
from components.catalog.early_access import counts
from components.catalog.snapshot import snapshot_refresh
from components.foundation import audit
from components.foundation.refusals import NotFound
from components.memberships.entitlements import entitlements
from components.people import customer_accounts
from components.people.tables import Person
from components.recommendations import choice_reasons, join_words, personal_choices, personal_history
from components.recommendations.join_words import WordsForSegment
from components.recommendations.personal_choices import ChoiceGate, PersonalChoice
from components.recommendations.personal_history import PersonalHistory
from web.current_person import person_id_of
from web.guards import staff
from web.views import View, page, visitor_of


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    title: str
    href: str
    why: str


@dataclass(frozen=True, kw_only=True)
class MemberChoicesPage(View):
    """`off`: why nothing is chosen for them, if so."""

    template: ClassVar[str] = "staff/members/member_choices/show.html"
    person: Person
    off: str
    rows: tuple[ChoiceRow, ...]
    words: WordsForSegment | None
    history: PersonalHistory
    keeps_visits: bool


class StaffMemberChoicesController(Controller):
    path = "/staff/members/{person_id:uuid}/for-you"
    guards = [staff("members")]

    @get()
    async def show(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        person, at = await customer_accounts.by_id(person_id), visitor_of(request).at
        if person is None:
            raise NotFound("There is no customer at this address.")
        await audit.record(person_id_of(request), "choices for a customer looked at", "person", person_id)
        history = await personal_history.of_person(person_id, at)
        is_off = history is None
        view = MemberChoicesPage(
            person=person,
            off=_off(person) if is_off else "",
            rows=tuple(_row(one) for one in await _chosen(person_id, history, at)) if history else (),
            words=None if is_off else await join_words.for_person(person_id, at),
            history=history or PersonalHistory(),
            keeps_visits=visit_consents.keeps_visits(),
        )
        return page(request, view)


async def _chosen(person_id: UUID, history: PersonalHistory, at: datetime) -> tuple[PersonalChoice, ...]:
    standing = await entitlements.for_person(person_id, at)
    gate = ChoiceGate(snapshot_refresh.snapshot(), standing.access, at)
    if personal_choices.has_limits(gate):
        gate = gate.with_purchases(await counts.for_person(person_id))
    return personal_choices.chosen(history, gate, most=personal_choices.MOST)


def _row(choice: PersonalChoice) -> ChoiceRow:
    return ChoiceRow(choice.product.title, f"/products/{choice.product.slug}", choice_reasons.reason(choice))


def _off(person: Person) -> str:
    if person.personal_off_at:
        return "They have switched it off in their account, so nothing is chosen for them."
    return "Personal shelves are switched off for the whole shop."
