"""Campaigns and journeys of people whose address becomes another one, who open an account or who are erased meanwhile.

Two accounts are never made one: what a guest had and what their account has meet by their address.
"""

from datetime import timedelta
from uuid import UUID

import pytest

from components.campaigns import campaign_sending
from components.campaigns.journeys import journey_people, journey_progress
from components.consents import consents, contact_moves
from components.foundation import clock, database, ids
from components.people import customer_accounts
from components.people.facts import EmailChanged, PersonErased
from components.people.privacy import erasure
from components.people.tables import EmailConfirmation
from components.reactions import REACTIONS
from tests.components.campaigns import made, walked
from tests.components.campaigns.walked import EMAIL, wait
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")
NEW = "new-noor@kiln.test"


async def moves(person_id: UUID, to: str = NEW) -> EmailChanged:
    """The account has another address from now on; what follows from it is still to be done."""
    change = EmailConfirmation(
        id=ids.new(), person=person_id, email=to, former="noor@kiln.test", created_at=clock.now(),
        expires_at=clock.now(), used_at=clock.now(),
    )  # fmt: skip
    await EmailConfirmation.insert(change)
    await database.execute("UPDATE person SET email = $2 WHERE id = $1", person_id, to)
    return EmailChanged(person_id, change.id)


async def known_without_consent(email: str = NEW) -> None:
    """Somebody typed it once and never confirmed: nothing was agreed to there, and nothing refused."""
    row = "INSERT INTO mailing_contact (id, email, agreed, created_at) VALUES (gen_random_uuid(), $1, '{}', $2)"
    await database.execute(row, email, clock.now())


async def erased(person_id: UUID, email: str) -> None:
    await erasure.erase(person_id)
    for reaction in REACTIONS[PersonErased]:
        await reaction(PersonErased(person_id, ids.digest(email).hex()))


async def test_a_new_address_that_the_shop_knew_keeps_its_place_until_consent_has_come_along() -> None:
    await walked.running("welcome", wait(days=1), EMAIL)
    await known_without_consent()
    noor = await walked.member("noor")
    await walked.later(minutes=5)
    moved = await moves(noor)
    await walked.later(days=1)
    assert await walked.written() == [] and await walked.outcomes() == {"": 1}
    await contact_moves.follow_email(moved)
    await walked.later(minutes=5)
    assert await walked.written() == ["new-noor: Hello Noor"] and await walked.outcomes() == {"finished": 1}


async def test_over_an_unsubscribe_of_the_new_address_they_leave_and_the_page_says_why() -> None:
    one = await walked.running("welcome", wait(days=1), EMAIL)
    await consents.agree(NEW, ("news",), how="checkout")
    await consents.withdraw(NEW, ("news",), how="unsubscribe")
    noor = await walked.member("noor")
    await walked.later(minutes=5)
    await contact_moves.follow_email(await moves(noor))
    await walked.later(days=1, hours=2)
    assert await walked.written() == [] and await walked.outcomes() == {"withdrawn": 1}
    (walk,) = (await journey_people.page(one.id)).walks
    assert "an address that has not agreed" in journey_progress.WORDS[walk.outcome]


async def test_a_campaign_that_both_addresses_were_chosen_for_reaches_them_once() -> None:
    owner = await made.owner()
    noor = await walked.reader("noor")
    await consents.agree(NEW, ("news",), how="checkout")
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()
    await contact_moves.follow_email(await moves(noor))
    await made.tick()
    assert await made.written() == [NEW] and await made.outcomes(campaign) == {"written": 1, "withdrawn": 1}


async def test_a_guest_who_opens_an_account_while_a_campaign_is_sent_gets_it_once_as_that_account() -> None:
    owner = await made.owner()
    await consents.agree("noor@kiln.test", ("news",), how="checkout")
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()
    noor = await people.customer("noor@kiln.test", name="Noor")
    await made.tick()
    await made.minutes(2)
    assert await made.written() == ["noor@kiln.test"] and await made.outcomes(campaign) == {"written": 1}
    assert await database.fetch_values("SELECT person FROM email WHERE template = 'campaign'") == [noor.id]


async def test_a_guest_who_opens_an_account_is_in_a_journey_once() -> None:
    await walked.running("welcome", EMAIL)
    await consents.agree("noor@kiln.test", ("news",), how="checkout")
    noor = await people.customer("noor@kiln.test", name="Noor")
    await walked.belongs(noor.id)
    for _ in range(3):
        await walked.later(minutes=5)
    assert await walked.written() == ["noor: Hello Noor"] and await walked.outcomes() == {"finished": 1}


@pytest.mark.parametrize("days", [0, 1])
async def test_erased_on_their_way_they_leave_and_what_was_written_says_nothing_more(days: int) -> None:
    """Before the e-mail is written, and after."""
    await walked.running("welcome", wait(days=1), EMAIL, wait(days=1), EMAIL)
    noor = await walked.member("noor", until=clock.now() + timedelta(days=1, hours=1))
    await walked.later(minutes=5)
    await walked.later(days=days)
    assert len(await walked.written()) == days
    await database.execute("UPDATE membership SET ends_at = $1", clock.now())
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await erased(noor, "noor@kiln.test")
    await walked.later(days=1, hours=2)
    assert await walked.outcomes() == {"forgotten": 1}
    kept = await database.fetch_rows("SELECT recipient, subject, html, text FROM email WHERE template = 'campaign'")
    assert kept == [("", "Erased", "", "")] * days
    assert await customer_accounts.by_email("noor@kiln.test") is None


async def test_erased_before_it_is_noted_that_they_enter_nobody_enters() -> None:
    await walked.running("welcome", EMAIL)
    noor = await walked.member("noor", until=clock.now() + timedelta(seconds=1))
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await erased(noor, "noor@kiln.test")
    await walked.later(minutes=5)
    assert await walked.outcomes() == {}
