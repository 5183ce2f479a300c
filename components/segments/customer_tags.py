"""Tags: words that staff put on customers, to find them again."""

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.people.facts import PersonErased
from components.segments.tables import CustomerTag

LONGEST = 40


class TagRefused(Refusal):
    message = N_("A tag has 1 to 40 characters and no comma.")


def normal(typed: str) -> str:
    """As it is kept: in small letters, single spaces. Raises `TagRefused`."""
    tag = " ".join(typed.split()).lower()
    if not 0 < len(tag) <= LONGEST or "," in tag or not tag.isprintable() or tag != tag.lower():
        raise TagRefused
    return tag


async def erase_person(fact: PersonErased) -> None:
    """What was noted about them goes."""
    await CustomerTag.delete().where(CustomerTag.person == fact.person_id)
