"""Who makes the request: resolved once per request, in one round trip, at one instant."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from components.brand import announcement
from components.brand.announcement import Announcement
from components.catalog.visibility import Access
from components.checkout.basket import baskets
from components.checkout.basket.basket_contents import BasketContents
from components.experiments import exposures
from components.experiments.exposures import Exposed
from components.foundation import clock
from components.foundation.database import Query, request_coalescing
from components.foundation.shop_settings import shop_settings
from components.memberships.entitlements import entitlements
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.people import sessions
from components.people.sessions import SignedIn
from components.pricing.price_context import PriceContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The person (if signed in), their entitlements, and the instant for which this request is answered.

    `preview` says, while staff preview the shop, as whom and at which instant; `tried` is then the contents of the
    preview's own basket. `asks_about_visits`: the page asks whether visits may be kept, and the
    answer leads back to this address. `uses_visits`: the browser does not say no to what was kept. `exposed`: the arms
    of experiments they are in.
    """

    at: datetime
    signed_in: SignedIn | None = None
    standing: CustomerEntitlements = field(default_factory=lambda: CustomerEntitlements.NONE)
    basket_count: int = 0
    basket_token: str | None = None
    session_token: str | None = None
    preview: str | None = None
    tried: BasketContents | None = None
    asks_about_visits: str = ""
    uses_visits: bool = True
    exposed: tuple[Exposed, ...] = ()

    @property
    def person(self) -> SignedIn | None:
        return self.signed_in

    @property
    def person_id(self) -> UUID | None:
        return self.signed_in.person_id if self.signed_in else None

    @property
    def name(self) -> str:
        return self.signed_in.name if self.signed_in else ""

    @property
    def email(self) -> str:
        return self.signed_in.email if self.signed_in else ""

    @property
    def confirmed_email(self) -> str:
        return self.signed_in.confirmed_email if self.signed_in else ""

    @property
    def is_signed_in(self) -> bool:
        return self.signed_in is not None

    @property
    def wants_personal(self) -> bool:
        """Whether anything may be chosen for them: signed in, and switched off neither by them nor by the shop."""
        is_on = shop_settings.current().personal_shelves == "on"
        return is_on and self.signed_in is not None and self.signed_in.wants_personal

    @property
    def is_member(self) -> bool:
        return self.standing.is_member

    @property
    def has_membership(self) -> bool:
        """Nothing to join: a member, also one whose membership is on hold."""
        return self.standing.has_membership

    @property
    def owes(self) -> bool:
        """A payment for their membership has not gone through: every page of the shop says so."""
        return self.standing.owes

    @property
    def is_staff(self) -> bool:
        return self.signed_in is not None and self.signed_in.role is not None

    @property
    def is_owner(self) -> bool:
        return self.signed_in is not None and self.signed_in.role == "owner"

    @property
    def is_anonymous(self) -> bool:
        """Nothing is known: not signed in and no basket. Only these visitors' pages may be cached by proxies."""
        return self.signed_in is None and self.basket_token is None and self.preview is None

    @property
    def price_context(self) -> PriceContext:
        return self.standing.price_context

    @property
    def access(self) -> Access:
        return self.standing.access

    @property
    def announced(self) -> Announcement | None:
        """What the shop announces at this instant."""
        return announcement.shown(self.at)

    def may(self, permission: str) -> bool:
        """Whether this member of staff has `permission`; owners have all of them."""
        return self.is_staff and self.signed_in is not None and self.signed_in.may(permission)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the layout around a page shows of its visitor, and nothing else. Cached pages are rendered with a frame
    in the visitor's place: a template that used more would fail instead of showing one person's page to another."""

    is_anonymous: bool
    is_signed_in: bool
    is_member: bool
    has_membership: bool
    is_staff: bool
    owes: bool
    basket_count: int
    announced: Announcement | None
    asks_about_visits: str
    preview: None = None

    @classmethod
    def of(cls, visitor: Visitor) -> "Frame":
        return cls(
            is_anonymous=visitor.is_anonymous,
            is_signed_in=visitor.is_signed_in,
            is_member=visitor.is_member,
            has_membership=visitor.has_membership,
            is_staff=visitor.is_staff,
            owes=visitor.owes,
            basket_count=visitor.basket_count,
            announced=visitor.announced,
            asks_about_visits=visitor.asks_about_visits,
        )


async def resolve(session_token: str | None, basket_token: str | None) -> Visitor:
    """One statement reads who this is, what they hold, and how full the basket is; none when there are no cookies."""
    at = clock.now()
    questions: list[Query[Any]] = []
    if session_token:
        questions.append(sessions.query(session_token))
        person, args, types = sessions.person_sql(), sessions.person_args(session_token), sessions.PERSON_TYPES
        questions.append(entitlements.query(person, *args, at=at, types=types))
        if (arms := exposures.query(person, *args, types=types)) is not None:
            questions.append(arms)
    if basket_token:
        questions.append(baskets.query(basket_token))
    answers = list(await request_coalescing.ask(*questions))
    count = answers.pop() if basket_token else None
    signed_in, standing = (answers.pop(0), answers.pop(0)) if session_token else (None, CustomerEntitlements.NONE)
    return Visitor(
        at=at,
        signed_in=signed_in,
        standing=standing if signed_in else CustomerEntitlements.NONE,
        basket_count=count or 0,
        basket_token=basket_token if count is not None else None,
        session_token=session_token if signed_in else None,
        exposed=answers[0] if answers and signed_in else (),
    )


async def note_session_use(visitor: Visitor) -> None:
    """Extend a session that is in use; at most one write a day, after the response has been sent."""
    if visitor.signed_in is not None and visitor.session_token and visitor.signed_in.is_due:
        await sessions.touch(visitor.session_token)
