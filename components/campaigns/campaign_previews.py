"""A campaign as one customer would read it, and as an e-mail to whoever wrote it. It unsubscribes nobody."""

from dataclasses import dataclass, replace
from uuid import UUID

from components.campaigns import campaign_email, campaign_readers
from components.campaigns.campaign_email import CampaignWords, Reader
from components.consents.unsubscribe_links import PATH, address
from components.foundation import audit, clock, ids
from components.foundation.refusals import NotFound, Refusal
from components.messaging import email_outbox
from components.messaging.texts.ready_email import ReadyEmail
from components.messaging.texts.text_previews import TEST, TESTS
from components.people import customer_accounts, rate_limits
from components.recommendations import email_choices

MADE_UP = Reader(name="A. Customer", saved=4250, is_member=True)
NO_LINK = f"{PATH}/news/preview"


MOST_FOUND = 8


class NoSuchCustomer(Refusal):
    message = "No customer has this name or e-mail."


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    email: str
    name: str


async def customers(typed: str) -> tuple[FoundCustomer, ...]:
    """Whose e-mail this is, else some whose name or e-mail contains it, the newest first. Raises `NoSuchCustomer`."""
    if person := await customer_accounts.by_email(typed):
        return (FoundCustomer(person.email, person.name),)
    if not (ids_found := (await customer_accounts.matching(typed))[:MOST_FOUND]):
        raise NoSuchCustomer
    people = await customer_accounts.by_emails((await customer_accounts.called(ids_found)).values())
    by_id = {one.id: FoundCustomer(one.email, one.name) for one in people.values()}
    return tuple(by_id[one] for one in ids_found if one in by_id)


async def made_up(words: CampaignWords) -> ReadyEmail:
    """Raises an `UnusableEmailText`."""
    reader = replace(MADE_UP, choices=email_choices.made_up(clock.now()))
    return await campaign_email.written(words, reader, unsubscribe=address(NO_LINK))


async def as_customer(words: CampaignWords, email: str, *, by: UUID) -> ReadyEmail:
    """With what is said of them; in the audit log. Raises an `UnusableEmailText`, `NoSuchCustomer`."""
    person = await customer_accounts.by_email(email)
    if person is None:
        raise NoSuchCustomer
    ((_, reader),) = (await campaign_readers.readers_of([person.email], with_choices=True)).values()
    await audit.record(by, "campaign previewed as a customer", "person", person.id)
    return await campaign_email.written(words, reader, unsubscribe=address(NO_LINK))


async def send_to_oneself(ready: ReadyEmail, *, by: UUID) -> str:
    """What is previewed, as an e-mail to this member of staff; returns the address. Raises `TooManyTries`."""
    person = await customer_accounts.by_id(by)
    if person is None:
        raise NotFound
    await rate_limits.hit(TESTS, str(by))
    test = replace(ready, subject=f"Test: {ready.subject}")
    await email_outbox.send_ready(test, key=f"test:{ids.new()}", to=person.email, person=by, template=TEST)
    return person.email
