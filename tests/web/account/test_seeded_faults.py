"""A row of passing tests proves little: each guard is broken here on purpose, and its test has to notice."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from components.foundation.refusals import NotFound, Refusal
from components.people import addresses, email_verification, passwords, rate_limits, sessions, sign_in_links
from components.people.rate_limits import RateLimit
from components.people.tables import Address, Person
from tests.support import people
from tests.support.shops import Shop
from tests.web.account import test_account, test_sign_in, test_sign_in_emails
from web import sign_in_session
from web.account.sign_in import sign_in

Test = Callable[[Shop], Awaitable[None]]


async def nothing(*args: Any, **rest: Any) -> None:
    """Leaves out what ought to happen."""


async def burned_by_looking(token: str) -> bool:
    try:
        return bool(await sign_in_links.redeem(token))
    except Refusal:
        return False


async def found_by_id_alone(person_id: UUID, address_id: UUID) -> Address:
    address = await Address.objects().where(Address.id == address_id).first()
    if address is None:
        raise NotFound
    return address


async def talkative(email: str, password: str, *, address: str) -> Person:
    if await Person.exists().where(Person.email == email):
        raise passwords.WrongCredentials
    raise passwords.WrongCredentials("Nobody has this e-mail.")


async def trusting(person_id: UUID) -> Person:
    person = await Person.objects().where(Person.id == person_id).first()
    assert person is not None
    return person


async def led_to_another_site(shop: Shop) -> None:
    await people.customer()
    in_one_cell: Any = test_sign_in.test_nobody_is_led_to_another_site
    await in_one_cell.__wrapped__(shop, None, "//evil.test")


async def uncounted(limit: RateLimit, *who: str) -> None:
    """Every try is heard."""


FAULTS: dict[str, tuple[Any, str, Any, Test]] = {
    "looking at a link uses it up": (
        sign_in_links, "is_valid", burned_by_looking,
        test_sign_in_emails.test_a_scanner_that_opens_every_link_uses_nothing_up,
    ),
    "the session from before lives on": (
        sessions, "end", nothing, test_sign_in.test_signing_in_anew_ends_the_session_from_before,
    ),
    "signing out only forgets the cookie": (
        sessions, "end", nothing, test_sign_in.test_signing_out_ends_the_session_and_not_only_the_cookie,
    ),
    "an unknown e-mail is told": (
        passwords, "check", talkative, test_sign_in.test_an_unknown_e_mail_is_answered_like_a_wrong_password,
    ),
    "tries are not counted": (
        rate_limits, "hit", uncounted, test_sign_in.test_the_eleventh_try_is_refused_with_how_long_to_wait,
    ),
    "letters may be asked for without end": (
        rate_limits, "hit", uncounted,
        test_sign_in_emails.test_codes_cannot_be_guessed_by_asking_for_letter_after_letter,
    ),
    "a code may be tried without end": (
        sign_in_links, "CODE_TRIES", 8, test_sign_in_emails.test_after_five_wrong_codes_the_right_one_is_refused_too,
    ),
    "whoever opened the account first stays in": (
        email_verification, "email_verified", trusting,
        test_sign_in_emails.test_whoever_opened_the_account_before_its_e_mail_was_proved_is_put_out,
    ),
    "an address is found without its person": (
        addresses, "by_id", found_by_id_alone, lambda shop: (
            test_account.test_somebody_elses_address_is_answered_like_one_that_is_not_there(shop, "")
        ),
    ),
    "any address is followed after signing in": (
        sign_in, "own_path", lambda wanted, otherwise="": wanted,
        led_to_another_site,
    ),
    "the token stays after a new password": (
        sessions, "rotate", nothing,
        test_account.test_a_new_password_asks_for_the_old_and_signs_out_other_browsers,
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_broken_guard_is_noticed(shop: Shop, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    where, name, broken, noticing = FAULTS[fault]
    monkeypatch.setattr(where, name, broken)
    if fault == "any address is followed after signing in":
        monkeypatch.setattr(test_sign_in, "own_path", lambda _: "")
    with pytest.raises((AssertionError, IndexError)):
        await noticing(shop)


def test_the_guards_are_where_the_faults_are_put() -> None:
    assert sign_in_session.own_path is sign_in_session.own_path
