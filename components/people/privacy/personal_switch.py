"""Whether anything may be chosen for somebody from their own orders: theirs to say, and heard at once."""

from uuid import UUID

from components.foundation import clock
from components.foundation.shop_settings import shop_settings
from components.people.tables import Person


async def is_on(person_id: UUID) -> bool:
    """Whether anything may be chosen for them: neither they nor the shop switched it off."""
    if shop_settings.current().personal_shelves != "on":
        return False
    return await Person.exists().where(
        Person.id == person_id, Person.personal_off_at.is_null(), Person.erased_at.is_null()
    )


async def switch_on(person_id: UUID) -> None:
    await Person.update({Person.personal_off_at: None}).where(Person.id == person_id)


async def switch_off(person_id: UUID) -> None:
    """Twice is once: since when it is so stays."""
    off = Person.update({Person.personal_off_at: clock.now()})
    await off.where(Person.id == person_id, Person.personal_off_at.is_null(), Person.erased_at.is_null())
