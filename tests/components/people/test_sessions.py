"""Sessions as other components ask for them."""

import asyncio
from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.people import addresses, customer_accounts, sessions, sign_in_links
from components.people.customer_accounts import EmailTaken
from components.people.tables import Person
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")

HOME = {"name": "Noor", "line1": "1 Mill Lane", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}


async def who(token: str) -> sessions.SignedIn | None:
    (found,) = await database.batch(sessions.query(token))
    assert found is None or isinstance(found, sessions.SignedIn)
    return found


async def test_a_session_says_who_with_which_role_and_permissions() -> None:
    sam = await people.staff("sam@kiln.test", ["orders", "refunds"])
    found = await who(await sessions.start(sam.id))
    assert found and (found.person_id, found.name, found.email, found.role) == (sam.id, "Sam", "sam@kiln.test", "staff")
    assert found.may("orders") and not found.may("settings") and not found.is_owner


async def test_an_owner_may_everything() -> None:
    found = await who(await sessions.start((await people.owner()).id))
    assert found and found.may("settings") and found.may("anything at all")


async def test_the_person_can_be_asked_for_within_another_question() -> None:
    noor = await people.customer()
    token = await sessions.start(noor.id)
    asked = f"SELECT {sessions.person_sql()}"
    assert await database.fetch_value(asked, *sessions.person_args(token)) == noor.id
    assert await database.fetch_value(asked, *sessions.person_args("unknown")) is None


async def test_of_more_sessions_than_anybody_has_the_one_used_longest_ago_ends() -> None:
    noor = await people.customer()
    maya = await sessions.start((await people.customer("maya@kiln.test")).id)
    tokens = []
    for _ in range(sessions.MOST_AT_ONCE + 2):
        clock.set_everywhere(clock.now() + timedelta(seconds=1))
        tokens.append(await sessions.start(noor.id))
    assert [bool(await who(token)) for token in tokens] == [False] * 2 + [True] * sessions.MOST_AT_ONCE
    assert await who(maya)


async def test_a_rotated_token_is_refused_and_an_unknown_one_is_not_rotated() -> None:
    token = await sessions.start((await people.customer()).id)
    fresh = await sessions.rotate(token)
    assert fresh and await who(fresh) and await who(token) is None
    assert await sessions.rotate(token) is None


async def test_of_many_who_open_an_account_with_one_e_mail_one_does() -> None:
    results = await asyncio.gather(
        *[asyncio.create_task(customer_accounts.sign_up("ruth@kiln.test")) for _ in range(10)], return_exceptions=True
    )
    assert sum(isinstance(result, EmailTaken) for result in results) == 9
    assert await database.fetch_value("SELECT count(*) FROM announced_fact") == 1


async def test_of_many_who_use_one_link_at_once_one_comes_in() -> None:
    await people.customer()
    await sign_in_links.send("noor@kiln.test")
    async with database.transaction():
        made = await sign_in_links.issue(await database.fetch_value("SELECT id FROM sign_in_link"))
    assert made is not None
    tries = [sign_in_links.redeem(made.token) for _ in range(5)] + [
        sign_in_links.redeem_code(made.email, made.code) for _ in range(5)
    ]
    results = await asyncio.gather(*[asyncio.create_task(one) for one in tries], return_exceptions=True)
    assert sum(isinstance(result, Person) for result in results) == 1


async def test_twenty_addresses_kept_at_once_have_one_first_choice() -> None:
    noor = await people.customer()
    await asyncio.gather(
        *[asyncio.create_task(addresses.add(noor.id, **{**HOME, "line1": f"{n} Mill Lane"})) for n in range(20)]
    )
    assert [one.is_default for one in await addresses.of_person(noor.id)].count(True) == 1
    with pytest.raises(addresses.TooManyAddresses):
        await addresses.add(noor.id, **{**HOME, "line1": "one more"})
