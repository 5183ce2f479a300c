"""What staff noted when a perk was used goes with the person; that it was used stays."""

from components.people.facts import PersonErased
from components.rewards.tables import PerkUse


async def erase_person(fact: PersonErased) -> None:
    await PerkUse.update({PerkUse.note: ""}).where(PerkUse.person == fact.person_id)
