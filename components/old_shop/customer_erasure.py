"""What the earlier shop's files said of somebody goes with them; the sums of their orders stay, without a name."""

from components.foundation import database
from components.people.facts import PersonErased


async def forget_person(fact: PersonErased) -> None:
    """Orders belong to whoever confirmed their e-mail."""
    async with database.transaction():
        await database.execute("DELETE FROM old_customer WHERE person = $1", fact.person_id)
        if fact.email_digest:
            await database.execute(_NAMELESS, fact.email_digest)


_NAMELESS = """
UPDATE old_order SET email = '', name = '', address = ''
WHERE email <> '' AND encode(sha256(convert_to(email, 'UTF8')), 'hex') = $1"""
