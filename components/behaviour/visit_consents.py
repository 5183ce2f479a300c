"""Whether visits may be kept: what the shop is set to, what the law asks, and what a visitor said."""

from uuid import UUID

from piccolo.columns.combination import Combinable

from components.behaviour.tables import PageView, VisitConsent, VisitRefusal
from components.foundation import clock, database, ids
from components.foundation.consumer_law import law_rules
from components.foundation.database.advisory_locks import take_turns
from components.foundation.shop_settings import shop_settings

ANSWER_DAYS = 180
"""So long a browser keeps the answer; then it is asked again."""
TURN = "visits that are kept"
"""Writing them down and an answer take turns: a no that comes while they are written deletes them too."""


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


async def give(person: UUID | None, *, told: UUID | None = None) -> UUID:
    """A yes of this browser: what its cookie is to hold. What was looked at before is not known and not kept; what was
    kept while the visitor was only `told` is deleted, since the cookie forgets it."""
    consent = VisitConsent(id=ids.untimed(), given_at=clock.now(), asked="asked", person=person)
    async with database.transaction():
        await _delete(told, None)
        await _no_refusal(person)
        await consent.save()
    return consent.id


async def withdraw(visitor: UUID | None, person: UUID | None) -> None:
    """A no: everything that was kept of this browser, and of this person in any browser, is deleted at once.

    It is remembered, so that what still waits to be written is not, nor what they look at elsewhere.
    """
    async with database.transaction():
        await _delete(visitor, person)
        if person is not None:
            await database.execute(_REFUSE, None, person, clock.now())


async def forget(person: UUID) -> None:
    """Their account is deleted, and their answer with it."""
    async with database.transaction():
        await _delete(None, person)
        await _no_refusal(person)


async def is_given(visitor: UUID, person: UUID | None) -> bool:
    """Whether visits of this browser are kept, of whoever is signed in there."""
    return bool(await database.fetch_value(_IS_GIVEN, visitor, person, must_ask()))


async def has_kept(visitor: UUID) -> bool:
    """Whether anything is still there of this browser, used or not."""
    return await PageView.exists().where(PageView.visitor == visitor)


async def _delete(visitor: UUID | None, person: UUID | None) -> None:
    """Browsers with what was kept of them, and views of this person in those of others."""
    await take_turns(TURN)
    its: Combinable = VisitConsent.id == visitor
    if person is not None:
        its = its | (VisitConsent.person == person)
    gone = {row["id"] for row in await VisitConsent.delete().where(its).returning(VisitConsent.id)}
    gone |= {visitor} if visitor else set()
    for one in gone:
        await database.execute(_REFUSE, one, None, clock.now())
    if person is not None:
        await PageView.delete().where(PageView.person == person)


async def _no_refusal(person: UUID | None) -> None:
    if person is not None:
        await VisitRefusal.delete().where(VisitRefusal.person == person)


_REFUSE = """
INSERT INTO visit_refusal (id, at, visitor, person) VALUES (gen_random_uuid(), $3, $1, $2) ON CONFLICT DO NOTHING"""
_IS_GIVEN = """
SELECT EXISTS (SELECT FROM visit_consent c WHERE c.id = $1 AND (c.asked = 'asked' OR NOT $3::bool)
    AND ($2::uuid IS NULL OR c.person IS NULL OR c.person = $2))
  AND NOT EXISTS (SELECT FROM visit_refusal WHERE person = $2::uuid)"""
