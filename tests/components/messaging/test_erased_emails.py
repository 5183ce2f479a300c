"""An erased person is in no e-mail to others: a gift, an invitation, a shared membership, a message to the shop."""

from typing import Any
from uuid import UUID

from components.foundation import database, ids
from components.memberships import erasure as agreements_erasure
from components.memberships.grants import seats
from components.messaging import email_outbox
from components.messaging.notices import erased_emails
from components.people.facts import PersonErased
from tests.support import people
from tests.support.shops import Shop
from tests.web.shop.test_gift_memberships import given, noor


async def of_kind(template: str) -> dict[str, Any]:
    row = await database.fetch_one("SELECT * FROM email WHERE template = $1", template)
    assert row is not None
    return row


async def erased(person: UUID, email: str) -> None:
    fact = PersonErased(person, ids.digest(email).hex())
    for _ in range(2):
        await erased_emails.erase_told_to_others(fact)
        await agreements_erasure.erase_agreements(fact)


async def test_a_gift_that_was_sent_says_no_more_who_gave_it(shop: Shop) -> None:
    await given(shop, await noor(shop))
    await shop.catch_up()
    giver = await database.fetch_value("SELECT buyer FROM gift_membership")
    before = await of_kind("gift")
    assert "Noor" in before["subject"]
    await database.execute("UPDATE email SET handed_over_at = now(), sent_at = now() WHERE template = 'gift'")
    await erased(giver, "noor@kiln.test")
    after = await of_kind("gift")
    assert (after["subject"], after["text"], after["html"]) == ("Erased", "", "") and after["emptied_at"]
    assert after["recipient"] == before["recipient"], "whom it was sent to is theirs"
    assert after["secrets"] is None and after["placeholder_values"] is None


async def test_a_gift_that_waits_for_the_mail_server_still_goes_without_name_and_message(shop: Shop) -> None:
    await given(shop, await noor(shop))
    await shop.catch_up()
    row = await database.fetch_one("SELECT buyer, message FROM gift_membership")
    assert row is not None
    before = await of_kind("gift")
    await erased(row["buyer"], "noor@kiln.test")
    after = await of_kind("gift")
    assert after["subject"] == "Somebody has sent you a gift" and after["recipient"] == before["recipient"]
    assert "Noor" not in after["text"] + after["html"]
    assert not row["message"] or row["message"] not in after["text"]
    assert after["secrets"] is not None, "the code is in it"


async def test_an_invitation_and_a_message_to_the_shop_name_nobody_who_is_erased(shop: Shop) -> None:
    from tests.components.memberships.test_agreements import payer_with_seats

    _, payer = await payer_with_seats(shop)
    email = await database.fetch_value("SELECT email FROM person WHERE id = $1", payer)
    seat = await seats.invite(payer, email="uma@kiln.test", own_email=email)
    taken = await seats.invite(payer, email="friend@kiln.test", own_email=email)
    friend = (await people.customer("friend@kiln.test")).id
    await seats.accept(taken.id, seats.token(taken.id), holder=friend)
    await shop.catch_up()
    await email_outbox.send(
        key="contact:1", to="shop@kiln.test", template="contact_message", subject="Maya wrote", reply_to=email,
        fields={"name": "Maya", "email": email, "order": "", "message": "Hello"},
    )  # fmt: skip
    assert email in repr(await database.fetch("SELECT * FROM email WHERE person IS DISTINCT FROM $1", payer))
    await erased(payer, email)
    others = "SELECT subject, html, text, reply_to, placeholder_values FROM email WHERE person IS DISTINCT FROM $1"
    assert email not in repr(await database.fetch(others + " AND recipient <> $2", payer, email))
    assert (await of_kind("seat_offered"))["subject"] == "Erased"
    page = await shop.browser().get(f"/household/{seat.id}/{seats.token(seat.id)}")
    assert page.status == 409 and "This invitation is no longer available" in page.words


async def test_who_is_only_invited_is_not_promised_to_be_told(shop: Shop) -> None:
    from tests.components.memberships.test_agreements import payer_with_seats

    _, payer = await payer_with_seats(shop)
    assert await agreements_erasure.household(payer) is None
    email = await database.fetch_value("SELECT email FROM person WHERE id = $1", payer)
    await seats.invite(payer, email="uma@kiln.test", own_email=email)
    said = await agreements_erasure.household(payer)
    assert said == "Invitations to your household that nobody has accepted end. Their links then say so."
