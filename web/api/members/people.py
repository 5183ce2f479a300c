"""Who is entitled to what, at any instant, and because of what: for programs that admit members elsewhere."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import QueryParameter

from components.foundation.refusals import NotFound
from components.memberships.entitlements import entitlement_history, entitlements
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.entitlements.entitlement_history import EntitlementAnswer
from components.people import customer_accounts
from components.people.tables import Person
from web.api import instants
from web.api.instants import At
from web.api.responses import json_response
from web.guards import program
from web.views import visitor_of

Email = Annotated[
    str, QueryParameter(name="email", min_length=3, max_length=254, description="The customer’s e-mail address.")
]


class ApiMembership(msgspec.Struct, frozen=True, kw_only=True):
    """`source`: subscription, gift, term, comp, seat, earned or free. Fields beginning with `status` are a
    subscription's."""

    id: UUID
    plan: str
    name: str
    source: str
    from_at: datetime
    until_at: datetime | None
    status: str | None
    period_end: datetime | None
    cancel_at: datetime | None


class ApiEntitlement(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit held: from, until, and because of what. `since`: since when it is held without a gap."""

    benefit: UUID
    kind: str
    name: str
    from_at: datetime
    until_at: datetime | None
    since: datetime
    because_of: str


class EntitlementSource(msgspec.Struct, frozen=True, kw_only=True):
    """For one benefit of the shop, whether it was held then, and why or why not. `rows` are the evidence."""

    benefit: UUID
    name: str
    is_held: bool
    why: str
    rows: tuple[str, ...]


class PersonStanding(msgspec.Struct, frozen=True, kw_only=True):
    """As of `at`. `is_member`: by a membership that was paid, granted or given; the free tier alone does not count."""

    person: UUID
    email: str
    name: str
    at: datetime
    is_member: bool
    memberships: tuple[ApiMembership, ...]
    entitlements: tuple[ApiEntitlement, ...]
    answers: tuple[EntitlementSource, ...]


class ApiPeopleController(Controller):
    path = "/api/v1/people"
    guards = [program("members:read")]
    tags = ["With a key"]
    security = [{"key": []}]

    @get(summary="One customer’s membership and benefits, by e-mail, at any time")
    async def index(self, request: Request[Any, Any, Any], email: Email, at: At = None) -> Response[PersonStanding]:
        """Needs “members:read”."""
        when = visitor_of(request).at if at is None else instants.check_instant("at", at)
        person = await customer_accounts.by_email(email)
        if person is None:
            raise NotFound("There is no customer with this e-mail address.")
        standing = await entitlements.for_person(person.id, when)
        return json_response(
            request, _person_json(person, standing, await entitlement_history.at_instant(person.id, when), when)
        )


def _person_json(
    person: Person, standing: CustomerEntitlements, answers: tuple[EntitlementAnswer, ...], at: datetime
) -> PersonStanding:
    return PersonStanding(
        person=person.id,
        email=person.email,
        name=person.name,
        at=at,
        is_member=standing.is_member,
        memberships=_memberships(standing),
        entitlements=tuple(
            ApiEntitlement(
                benefit=held.benefit_id,
                kind=held.kind,
                name=held.name,
                from_at=held.from_at,
                until_at=held.until_at,
                since=held.since,
                because_of=entitlement_history.SOURCES.get(held.because_of, held.because_of),
            )
            for held in standing.entitlements
        ),
        answers=tuple(
            EntitlementSource(
                benefit=one.benefit_id,
                name=one.name,
                is_held=one.is_held,
                why=one.why,
                rows=tuple(f"{what}: {words}" for what, words in one.rows),
            )
            for one in answers
        ),
    )


def _memberships(standing: CustomerEntitlements) -> tuple[ApiMembership, ...]:
    return tuple(
        ApiMembership(
            id=plan.membership_id,
            plan=plan.plan_slug,
            name=plan.plan_name,
            source=plan.source,
            from_at=plan.from_at,
            until_at=plan.until_at,
            status=plan.status,
            period_end=plan.period_end,
            cancel_at=plan.cancel_at,
        )
        for plan in standing.plans
    )
