"""What a campaign may say of those who read it, for many at once: three or four statements, however many they are."""

from collections.abc import Iterable
from uuid import UUID

from components.campaigns.campaign_email import Reader
from components.foundation import clock, database
from components.foundation.shop_settings import shop_settings
from components.people import customer_accounts
from components.recommendations import email_choices


async def readers_of(emails: Iterable[str], *, with_choices: bool = False) -> dict[str, tuple[UUID | None, Reader]]:
    """By address: whose account it is, if anybody's, and what is said of them. What an account bought is told only
    where the address was confirmed: before that, whoever opened the account may have typed another's."""
    wanted = list(emails)
    people = await customer_accounts.by_emails(wanted)
    ids = [person.id for person in people.values()]
    saved = dict(await database.fetch_rows(_SAVED, ids, shop_settings.current().currency))
    members = set(await database.fetch_values(_MEMBERS, ids, clock.now()))
    theirs = [person.id for person in people.values() if with_choices and person.email_confirmed_at]
    chosen = await email_choices.for_people(theirs, clock.now()) if theirs else {}
    found: dict[str, tuple[UUID | None, Reader]] = {email: (None, Reader()) for email in wanted}
    for person in people.values():
        found[person.email] = (
            person.id,
            Reader(
                name=person.name,
                language=person.language,
                saved=int(saved.get(person.id, 0)),
                is_member=person.id in members,
                choices=chosen.get(person.id, ()),
            ),
        )
    return found


_SAVED = """
SELECT person, sum(regular - paid) FROM campaigns_benefit_uses WHERE person = ANY($1) AND currency = $2
GROUP BY person"""
_MEMBERS = "SELECT DISTINCT holder FROM campaigns_memberships WHERE holder = ANY($1) AND holds(starts_at, ends_at, $2)"
