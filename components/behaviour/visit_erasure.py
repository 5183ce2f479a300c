"""Visits of a person go with them; how often a page was looked at on a day stays, and has nobody in it."""

from components.behaviour import visit_consents
from components.people.facts import PersonErased


async def erase_person(fact: PersonErased) -> None:
    await visit_consents.forget(fact.person_id)
