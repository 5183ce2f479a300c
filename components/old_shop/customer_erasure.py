"""What the earlier shop's files said of somebody goes with them; the sums of their orders stay, without a name."""

from components.foundation import database
from components.old_shop.tables import OldCustomer
from components.people.facts import PersonErased


async def forget_person(fact: PersonErased) -> None:
    """Orders belong to whoever confirmed their e-mail."""
    async with database.transaction():
        await OldCustomer.delete().where(OldCustomer.person == fact.person_id)
        if fact.email_digest:
            await database.execute(_NAMELESS, fact.email_digest)


_NAMELESS = """
UPDATE old_order SET email = '', name = '', address = ''
WHERE email <> '' AND encode(sha256(convert_to(email, 'UTF8')), 'hex') = $1"""
