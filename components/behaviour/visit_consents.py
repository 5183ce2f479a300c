"""Whether visits may be kept: what the shop is set to, what the law asks, and what a visitor said."""

from uuid import UUID

from components.behaviour.tables import VisitConsent
from components.foundation import clock, database, ids
from components.foundation.consumer_law import law_rules
from components.foundation.shop_settings import shop_settings

ANSWER_DAYS = 180
"""So long a browser keeps the answer; then it is asked again."""


def is_counting() -> bool:
    """Whether anything is counted at all."""
    return shop_settings.current().behaviour != "off"


def keeps_visits() -> bool:
    """Whether visits are kept of whoever agrees; else only how often a page was looked at."""
    return shop_settings.current().behaviour == "visits"


def must_ask() -> bool:
    """Whether a yes comes first: always, but in a country whose law is known to ask for none, and the shop neither."""
    known = shop_settings.current()
    if known.behaviour_asking == "always":
        return True
    return not law_rules.rules("visits_without_asking", on=clock.now().date(), country=known.country)


async def give(person: UUID | None) -> UUID:
    """A yes of this browser: what its cookie is to hold. What was looked at before is not known and not kept."""
    consent = VisitConsent(id=ids.untimed(), given_at=clock.now(), asked="asked", person=person)
    await consent.save()
    return consent.id


async def withdraw(visitor: UUID | None, person: UUID | None) -> None:
    """A no: everything that was kept of this browser, and of this person in any browser, is deleted at once."""
    async with database.transaction():
        await database.execute(_WITHDRAW, visitor, person)
        await database.execute(_THEIR_VIEWS, person)


async def is_given(visitor: UUID) -> bool:
    return await VisitConsent.exists().where(VisitConsent.id == visitor)


_WITHDRAW = "DELETE FROM visit_consent WHERE id = $1::uuid OR person = $2::uuid"
_THEIR_VIEWS = "DELETE FROM page_view WHERE person = $1::uuid"
