"""People for tests, made with the verbs the shop itself uses."""

import re
from collections.abc import Iterable
from uuid import UUID

from components.messaging import mailbox
from components.people import customer_accounts, operators
from components.people.tables import Person
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

PASSWORD = "kiln-demo"


async def customer(email: str = "noor@kiln.test", *, name: str = "Noor") -> Person:
    """Somebody whose e-mail is confirmed and who has the demo's password."""
    person = await customer_accounts.sign_up(email, name=name, password=PASSWORD)
    await customer_accounts.confirm(person.id)
    return person


async def newcomer(email: str = "theo@kiln.test", *, password: str | None = PASSWORD) -> Person:
    """Somebody who has not yet shown that the e-mail is theirs."""
    return await customer_accounts.sign_up(email, name="Theo", password=password)


async def owner(email: str = "iris@kiln.test") -> Person:
    person = await customer(email, name="Iris")
    await operators.add(person.id, "owner")
    return person


async def staff(email: str = "sam@kiln.test", permissions: Iterable[str] = ("orders",)) -> Person:
    person = await customer(email, name="Sam")
    await operators.add(person.id, "staff", permissions)
    return person


async def letter(template: str) -> str:
    """What whoever got the latest e-mail of this kind reads in it."""
    newest = (await mailbox.email_page(template=template)).emails[0]
    return (await mailbox.practice_email(newest.id)).text


async def enters_code(shop: Shop, browser: Browser, page: Page) -> Page:
    """Somebody who asked for an account types the code from the e-mail that was sent for it."""
    assert page.path == "/sign-in/code", page.words
    await shop.catch_up()
    to = str(page.form("/sign-in/code").given["email"])
    newest = next(one for one in (await mailbox.email_page(to=to)).emails if one.template in FOR_AN_ACCOUNT)
    (code,) = set(re.findall(r"\b\d{6}\b", (await mailbox.practice_email(newest.id)).text))
    return await browser.submit(page, "/sign-in/code", code=code)


FOR_AN_ACCOUNT = ("account_wanted", "account_exists")
NOBODY = UUID("00000000-0000-7000-8000-000000000000")
