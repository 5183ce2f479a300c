"""Consents: what was said when and how, what counts, and what happens to it with the address and the person."""

from datetime import UTC, datetime, timedelta

import pytest
from asyncpg.exceptions import PostgresError

from components.consents import consent_import, consents, contact_moves, invariants, unreachable, unsubscribe_links
from components.consents.consent_import import FileConsent
from components.consents.consents import NotAsked
from components.foundation import clock, database, ids
from components.foundation.consistency import invariant_walks
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import setting_rows
from components.people.facts import AccountOpened, EmailChanged, PersonErased
from components.people.tables import EmailConfirmation
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")
GUEST = "guest@kiln.test"


def later(**how: float) -> None:
    clock.set_everywhere(clock.now() + timedelta(**(how or {"seconds": 1})))


async def agreed(email: str = GUEST) -> tuple[str, ...]:
    return (await consents.standing(email)).agreed


async def told(email: str = GUEST) -> list[tuple[str, str, str]]:
    assert await invariant_walks.sentences(invariants.RULES) == []
    return [
        (one.kind, one.state, one.how)
        for one in sorted(await consents.history(email), key=lambda one: (one.at, one.kind))
    ]


async def facts(name: str) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM announced_fact WHERE name = $1", name))


async def test_a_tick_counts_at_once_where_the_country_asks_no_more_and_all_of_it_is_history(db: None) -> None:
    assert await consents.agree(" Guest@Kiln.test", ("news",), how="checkout")
    later()
    await consents.withdraw(GUEST, ("news", "tips"), how="unsubscribe")
    later()
    await consents.agree(GUEST, ("news", "tips"), how="checkout")
    assert await told() == [
        ("news", "given", "checkout"), ("news", "withdrawn", "unsubscribe"),
        ("news", "given", "checkout"), ("tips", "given", "checkout"),
    ]  # fmt: skip
    assert await agreed() == ("news", "tips")
    await consents.agree(GUEST, ("news",), how="checkout")
    assert len(await told()) == 4, "saying it twice is no change"
    with pytest.raises(PostgresError):
        await database.execute("UPDATE consent_change SET state = 'given'")


@pytest.mark.parametrize("country", ["DE", "AT"])
async def test_where_the_country_asks_for_proof_the_address_itself_confirms(country: str) -> None:
    await setting_rows.change({"country": country}, by=None)
    assert not await consents.agree(GUEST, ("news",), how="checkout")
    assert await agreed() == () and (await consents.standing(GUEST)).waits == ("news",)
    later()
    await consents.agree(GUEST, ("news",), how="checkout")
    assert await facts("ConsentAsked") == 1, "nobody is asked again and again"
    (asked,) = await consents.history(GUEST)
    token = consents.confirmation_token(asked.id)
    await consents.confirm(token)
    assert await agreed() == ("news",)
    with pytest.raises(NotAsked):
        await consents.confirm(token)
    with pytest.raises(NotFound):
        await consents.confirm(token[:-2] + "AA")


async def test_an_old_question_and_one_withdrawn_since_are_not_confirmed(db: None) -> None:
    await setting_rows.change({"country": "DE"}, by=None)
    await consents.agree(GUEST, ("news",), how="checkout")
    (asked,) = await consents.history(GUEST)
    later()
    await consents.withdraw(GUEST, ("news",), how="own page")
    with pytest.raises(NotAsked):
        await consents.confirm(consents.confirmation_token(asked.id))
    later(days=2)
    await consents.agree(GUEST, ("news",), how="checkout")
    newest = (await consents.history(GUEST))[0]
    later(days=15)
    with pytest.raises(NotAsked):
        await consents.confirm(consents.confirmation_token(newest.id))
    assert await agreed() == () and (await consents.standing(GUEST)).waits == ()


async def test_whoever_has_confirmed_their_address_is_not_asked_again_but_only_for_their_own(db: None) -> None:
    await setting_rows.change({"country": "DE"}, by=None)
    noor = await people.customer()
    assert await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    assert not await consents.agree("other@kiln.test", ("news",), how="checkout", person_id=noor.id)


async def test_what_was_ticked_with_the_account_counts_once_it_is_open_and_once_only(db: None) -> None:
    noor = await people.customer()
    await consents.account_opened(AccountOpened(noor.id, ("news",)))
    assert await told(noor.email) == [("news", "given", "account")]
    later()
    await consents.withdraw(noor.email, ("news",), how="own page", person_id=noor.id)
    await consents.account_opened(AccountOpened(noor.id, ("news",)))
    assert await agreed(noor.email) == (), "a fact that is delivered twice undoes nothing"


async def test_consent_follows_the_person_to_a_new_address(db: None) -> None:
    noor = await people.customer()
    await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    change = EmailConfirmation(
        id=ids.new(), person=noor.id, email="new@kiln.test", former=noor.email, created_at=clock.now(),
        expires_at=clock.now(), used_at=clock.now(),
    )  # fmt: skip
    await EmailConfirmation.insert(change)
    former = noor.email
    await noor.update_self({"email": "new@kiln.test"})
    later()
    for _ in range(2):
        await contact_moves.follow_email(EmailChanged(noor.id, change.id))
    assert (await agreed(former), await agreed("new@kiln.test")) == ((), ("news",))


async def test_an_erased_person_leaves_nothing_also_when_the_address_was_never_theirs(db: None) -> None:
    noor, theo = await people.customer(), await people.newcomer()
    await consents.agree(noor.email, ("news",), how="checkout")
    await consents.agree(theo.email, ("news",), how="own page", person_id=theo.id)
    await consents.agree(GUEST, ("news",), how="checkout")
    await contact_moves.erase_person(PersonErased(noor.id, ids.digest(noor.email).hex()))
    await contact_moves.erase_person(PersonErased(theo.id, ""))
    assert await database.fetch_values("SELECT email FROM mailing_contact") == [GUEST]
    assert await database.fetch_value("SELECT count(*) FROM consent_change") == 1


async def test_a_file_turns_marketing_on_only_where_nobody_has_said_anything_here(db: None) -> None:
    await consents.agree("left@kiln.test", ("news",), how="checkout")
    later()
    await consents.withdraw("left@kiln.test", ("news",), how="unsubscribe")
    await consents.agree("stays@kiln.test", ("news",), how="checkout")
    later()
    at = datetime(2024, 5, 1, tzinfo=UTC)
    said = [("left@kiln.test", "yes"), ("stays@kiln.test", "no"), ("new@kiln.test", "yes"), ("never@kiln.test", "no")]
    for _ in range(2):
        async with database.transaction():
            await consent_import.take_over(
                [FileConsent(email, yes, "subscribed", at) for email, yes in said], run=ids.new()
            )
        later()
    now = {email: await agreed(email) for email, _ in said}
    assert now == {
        "left@kiln.test": (), "stays@kiln.test": ("news",), "new@kiln.test": ("news",), "never@kiln.test": (),
    }  # fmt: skip
    assert await told("new@kiln.test") == [("news", "given", "import")]
    assert (await consents.history("new@kiln.test"))[0].reason == "2024-05-01: subscribed"
    async with database.transaction():
        await consent_import.take_over([FileConsent("new@kiln.test", "no", "unsubscribed", None)], run=ids.new())
    assert await agreed("new@kiln.test") == (), "a later file may withdraw what only a file said"
    await consent_import.take_back(ids.new(), ["new@kiln.test", "left@kiln.test"])
    assert await database.fetch_value("SELECT count(*) FROM mailing_contact") == 3


async def test_links_name_one_address_and_one_kind_and_nobody_can_make_one(db: None) -> None:
    await consents.agree(GUEST, ("news", "tips"), how="checkout")
    contact = (await consents.standing(GUEST)).contact_id
    assert contact is not None
    path = unsubscribe_links.path(contact, "news")
    _, _, kind, written = path.split("/")
    assert GUEST not in path and len(path) <= 120
    for wrong_kind, wrong in ((("tips"), written), ("news", written[:-1]), ("news", "x"), ("else", written)):
        with pytest.raises(NotFound):
            await unsubscribe_links.use(wrong_kind, wrong, how="unsubscribe")
    assert (await unsubscribe_links.about(kind, written)).is_agreed  # type: ignore[union-attr]
    later()
    for _ in range(2):
        await unsubscribe_links.use(kind, written, how="one click")
    assert await agreed() == ("tips",) and await unsubscribe_links.refusal_of(path)
    assert (await told())[-1] == ("news", "withdrawn", "one click") and len(await told()) == 3


async def test_a_bounce_stops_and_a_complaint_withdraws_as_well(db: None) -> None:
    await consents.agree(GUEST, ("news",), how="checkout")
    noor = await people.customer()
    assert await unreachable.bounced(GUEST, "550 5.1.1 no such user")
    assert not await unreachable.bounced(GUEST, "again"), "the first is kept"
    found = await consents.standing(GUEST)
    assert (found.unreachable_why, found.unreachable_words) == ("bounce", "550 5.1.1 no such user")
    assert found.agreed == ("news",)
    later()
    assert await unreachable.complained(GUEST, "spam")
    assert (await consents.standing(GUEST)).unreachable_why == "complaint" and await agreed() == ()
    await unreachable.reachable_again(GUEST, by=noor.id, person_id=noor.id)
    assert (await consents.standing(GUEST)).unreachable_at is None and await agreed() == ()
    assert not await unreachable.bounced("nobody@kiln.test", "x"), "of addresses nobody has agreed with nothing is kept"
