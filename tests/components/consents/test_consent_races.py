"""What was said last counts: against files, moves of an address, and what somebody else types."""

import asyncio
import contextvars
from datetime import timedelta
from uuid import UUID

import pytest

from components.consents import consent_import, consents, contact_moves, unsubscribe_links
from components.consents.consent_import import FileConsent
from components.consents.personal import DATA_TABLES
from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.old_shop import customer_import
from components.people.facts import EmailChanged, EmailsAgreed
from components.people.tables import EmailConfirmation
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")
GUEST = "guest@kiln.test"
NEW = "new@kiln.test"


def later() -> None:
    clock.set_everywhere(clock.now() + timedelta(minutes=1))


async def agreed(email: str = GUEST) -> tuple[str, ...]:
    return (await consents.standing(email)).agreed


async def bring(said: str, *emails: str, run: UUID | None = None) -> None:
    later()
    async with database.transaction():
        await consent_import.take_over([FileConsent(email, said, said, None) for email in emails], run=run or ids.new())


async def moved(person_id: UUID, former: str, new: str) -> None:
    later()
    change = EmailConfirmation(
        id=ids.new(), person=person_id, email=new, former=former, created_at=clock.now(), expires_at=clock.now(),
        used_at=clock.now(),
    )  # fmt: skip
    await EmailConfirmation.insert(change)
    await database.execute("UPDATE person SET email = $2 WHERE id = $1", person_id, new)
    await contact_moves.follow_email(EmailChanged(person_id, change.id))


async def test_who_unsubscribes_while_a_file_is_brought_in_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    await consents.agree(GUEST, ("tips",), how="checkout")
    real = consent_import._locked

    async def first(email: str):  # type: ignore[no-untyped-def]
        if email != GUEST:
            said = (
                consents.agree(GUEST, ("news",), how="checkout"),
                consents.withdraw(GUEST, ("news",), how="one click"),
            )
            for one in said:
                await asyncio.get_running_loop().create_task(one, context=contextvars.Context())
        return await real(email)

    monkeypatch.setattr(consent_import, "_locked", first)
    await bring("yes", "a@kiln.test", GUEST)
    assert await agreed() == ("tips",)


async def test_of_two_files_a_no_counts_whichever_came_first(db: None) -> None:
    await bring("no", GUEST)
    await bring("yes", GUEST)
    assert await agreed() == ()
    await bring("yes", NEW)
    await bring("no", NEW)
    assert await agreed(NEW) == ()


async def test_undoing_an_import_ends_what_only_its_file_agreed_to(db: None) -> None:
    run = ids.new()
    noor = await people.customer()
    await bring("yes", noor.email, GUEST, run=run)
    later()
    await consents.agree(GUEST, ("tips",), how="checkout")
    await bring("yes", NEW)
    await customer_import.undo(run)
    assert await agreed(noor.email) == () and await agreed() == ("tips",) and await agreed(NEW) == ("news",)
    assert (await consents.history(noor.email))[0].how == "import undone"
    await bring("yes", noor.email)
    assert await agreed(noor.email) == ("news",), "undoing is not a no of theirs"
    again = ids.new()
    await bring("yes", "two@kiln.test", run=again)
    later()
    await consents.withdraw("two@kiln.test", ("news",), how="unsubscribe")
    later()
    await consents.agree("two@kiln.test", ("news",), how="checkout")
    await customer_import.undo(again)
    assert await agreed("two@kiln.test") == ("news",), "they have said so since"


async def test_a_new_address_that_unsubscribed_stays_so_and_old_links_reach_the_new_one(db: None) -> None:
    noor = await people.customer()
    former = noor.email
    await consents.agree(former, ("news", "tips"), how="own page", person_id=noor.id)
    contact_id = (await consents.standing(former)).contact_id
    assert contact_id is not None
    await consents.agree(NEW, ("tips",), how="checkout")
    later()
    await consents.withdraw(NEW, ("tips",), how="unsubscribe")
    await moved(noor.id, former, NEW)
    assert await agreed(NEW) == ("news",) and await agreed(former) == ()
    written = unsubscribe_links.path(contact_id, "news").split("/")[-1]
    about = await unsubscribe_links.about("news", written)
    assert about is not None and about.is_agreed and about.email == former
    later()
    used = await unsubscribe_links.use("news", written, how="one click")
    assert used is not None and not used.is_agreed and await agreed(NEW) == ()


async def test_what_is_typed_of_somebody_else_is_not_in_ones_own_copy(db: None) -> None:
    noor = await people.customer()
    await consents.agree(GUEST, ("news",), how="checkout", person_id=noor.id)
    assert [one.person for one in await consents.history(GUEST)] == [None]
    await consents.agree(noor.email, ("news",), how="checkout", person_id=noor.id)
    assert [one.person for one in await consents.history(noor.email)] == [noor.id]
    assert all("IN (SELECT contact" not in table.rows for table in DATA_TABLES if table.table == "mailing_contact")


async def test_who_answered_since_is_asked_again_within_the_day(db: None) -> None:
    await setting_rows.change({"country": "DE"}, by=None)
    await consents.agree(GUEST, ("news",), how="checkout")
    await consents.confirm(consents.confirmation_token((await consents.history(GUEST))[0].id))
    later()
    await consents.withdraw(GUEST, ("news",), how="unsubscribe")
    later()
    await consents.agree(GUEST, ("news",), how="checkout")
    assert (await consents.standing(GUEST)).waits == ("news",)
    assert await database.fetch_value("SELECT count(*) FROM announced_fact WHERE name = 'ConsentAsked'") == 2


async def test_what_somebody_with_an_account_ticks_counts_once(db: None) -> None:
    noor = await people.customer()
    fact = EmailsAgreed(noor.id, ("news",), clock.now())
    await consents.emails_agreed(fact)
    assert await agreed(noor.email) == ("news",)
    later()
    await consents.withdraw(noor.email, ("news",), how="unsubscribe")
    await consents.emails_agreed(fact)
    assert await agreed(noor.email) == ()
