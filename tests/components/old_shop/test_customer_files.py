"""Customers of an earlier shop come in once each, quietly, and nothing that is here is overwritten."""

from uuid import UUID

import pytest

from components.foundation import database
from components.ledger import credit
from components.old_shop import customer_import
from components.people import addresses, customer_accounts
from components.people.privacy import erasure
from components.product_files.runs import record_undo
from tests.components.old_shop.earlier_files import (
    SHOPIFY_CUSTOMERS,
    WOO_CUSTOMERS,
    checked,
    imported,
    sheet,
    without,
)
from tests.support import people

ROSA = {
    "Email": "Rosa@Example.org ", "First Name": "Rosa", "Last Name": "Lind", "Accepts Email Marketing": "no",
    "Default Address Address1": "1 High Street", "Default Address City": "Leeds", "Default Address Zip": "ls1 4ab",
    "Default Address Country Code": "GB", "Phone": "'+447400123456", "Tags": "vip, trade", "Note": "Likes blue",
}  # fmt: skip
OTTO = {
    "user_email": "otto@example.org", "first_name": "Otto", "last_name": "Lehm", "locale": "en_GB",
    "billing_first_name": "Otto", "billing_last_name": "Lehm", "billing_address_1": "Gasse 1", "billing_city": "Wien",
    "billing_postcode": "1010", "billing_country": "AT", "billing_phone": "+43 1 5128600",
    "shipping_address_1": "Hof 2", "shipping_city": "Graz", "shipping_postcode": "8010", "shipping_country": "AT",
}  # fmt: skip


@pytest.fixture
async def iris(db: None) -> UUID:
    return (await people.owner()).id


async def count(table: str) -> int:
    number: int = await database.fetch_value(f"SELECT count(*) FROM {table}")
    return number


async def test_a_shopify_customer_comes_in_whole_and_hears_nothing_of_it(iris: UUID) -> None:
    before = await count("announced_fact"), await count("email"), await count("security_event")
    _, told = await imported(sheet(SHOPIFY_CUSTOMERS, ROSA), iris)
    assert told.counts == {"new": 1}
    rosa = await customer_accounts.by_email("rosa@example.org")
    assert rosa is not None and (rosa.name, rosa.password_hash, rosa.email_confirmed_at) == ("Rosa Lind", None, None)
    (home,) = await addresses.of_person(rosa.id)
    assert (home.name, home.line1, home.postcode, home.country) == ("Rosa Lind", "1 High Street", "LS1 4AB", "GB")
    assert home.is_default and home.phone == "+447400123456"
    kept = await customer_import.of_person(rosa.id)
    assert kept is not None and kept.made_person and (kept.tags, kept.note) == (["vip", "trade"], "Likes blue")
    assert (kept.consent, kept.consent_words, kept.consent_at) == ("no", "Accepts Email Marketing: no", None)
    assert (await count("announced_fact"), await count("email"), await count("security_event")) == before


async def test_a_woocommerce_customer_has_both_addresses_and_the_language(iris: UUID) -> None:
    _, told = await imported(sheet(WOO_CUSTOMERS, OTTO, separator=";"), iris)
    otto = await customer_accounts.by_email("otto@example.org")
    assert otto is not None and told.notes == [] and otto.language == "en"
    kept = await addresses.of_person(otto.id)
    assert [(one.line1, one.phone) for one in kept] == [
        ("Hof 2", ""),
        ("Gasse 1", "+4315128600"),
    ]


async def test_what_is_missing_in_the_file_is_missing_here_and_nothing_else(iris: UUID) -> None:
    """Every column taken away in turn: the person comes in with the rest."""
    for turn, column in enumerate(name for name in ROSA if name != "Email"):
        row = ROSA | {"Email": f"rosa{turn}@example.org"}
        _, told = await imported(without(sheet(SHOPIFY_CUSTOMERS, row), column), iris)
        rosa = await customer_accounts.by_email(row["Email"])
        assert rosa is not None and told.counts["new"] == 1, column
        kept = await customer_import.of_person(rosa.id)
        has_address = column not in ("Default Address Address1", "Default Address City", "Default Address Zip",
                                     "Default Address Country Code")  # fmt: skip
        assert kept is not None and bool(await addresses.of_person(rosa.id)) is has_address, column
        assert bool(kept.leftover) is not has_address and kept.consent == ("" if "Accepts" in column else "no"), column


async def test_an_address_that_does_not_fit_is_kept_in_words_and_told(iris: UUID) -> None:
    _, told = await imported(sheet(SHOPIFY_CUSTOMERS, ROSA | {"Default Address Zip": "12345"}), iris)
    rosa = await customer_accounts.by_email("rosa@example.org")
    assert rosa is not None and await addresses.of_person(rosa.id) == []
    kept = await customer_import.of_person(rosa.id)
    assert kept is not None and "1 High Street, 12345 Leeds, GB" in kept.leftover[0]
    assert any("1 High Street" in note.words and "postcode" in note.words for note in told.notes)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [("yes", "no", "no"), ("no", "yes", "no"), ("yes", "", "yes"), ("", "yes", "yes"), ("", "pending", "")],
)
async def test_marketing_is_never_turned_on_against_a_no(iris: UUID, first: str, second: str, kept: str) -> None:
    """In two rows of one file, and in two files."""
    rows = [ROSA | {"Accepts Email Marketing": said} for said in (first, second)]
    _, told = await imported(sheet(SHOPIFY_CUSTOMERS, *rows), iris)
    assert told.counts == {"new": 1}
    other = [row | {"Email": "two@example.org"} for row in rows]
    for row in other:
        await imported(sheet(SHOPIFY_CUSTOMERS, row), iris)
    for email in ("rosa@example.org", "two@example.org"):
        person = await customer_accounts.by_email(email)
        assert person is not None
        said = await customer_import.of_person(person.id)
        assert said is not None and said.consent == kept


async def test_consent_keeps_its_date(iris: UUID) -> None:
    row = ROSA | {"Accepts Email Marketing": "yes", "Email Marketing: Updated At": "2024-05-06 07:08:09 +0200"}
    await imported(sheet([*SHOPIFY_CUSTOMERS, "Email Marketing: Updated At"], row), iris)
    rosa = await customer_accounts.by_email("rosa@example.org")
    assert rosa is not None
    kept = await customer_import.of_person(rosa.id)
    assert (
        kept is not None and kept.consent_at is not None and kept.consent_at.isoformat() == "2024-05-06T05:08:09+00:00"
    )


async def test_who_is_here_keeps_everything_and_gaps_are_filled(iris: UUID) -> None:
    full = await people.customer("rosa@example.org", name="Rosa of here")
    await addresses.add(full.id, name="Rosa", line1="9 Low Road", city="York", postcode="YO1 7HH", country="GB")
    bare = await people.customer("otto@example.org", name="")
    _, told = await imported(sheet(SHOPIFY_CUSTOMERS, ROSA, ROSA | {"Email": "otto@example.org"}), iris)
    assert told.counts == {"changed": 2}
    after = await customer_accounts.by_id(full.id)
    assert after is not None and after.name == "Rosa of here" and after.password_hash == full.password_hash
    assert [one.line1 for one in await addresses.of_person(full.id)] == ["9 Low Road"]
    filled = await customer_accounts.by_id(bare.id)
    assert filled is not None and filled.name == "Rosa Lind" and len(await addresses.of_person(bare.id)) == 1
    _, again = await imported(sheet(SHOPIFY_CUSTOMERS, ROSA, ROSA | {"Email": "otto@example.org"}), iris)
    assert again.counts == {"the same": 2}


async def test_whoever_was_erased_does_not_come_back(iris: UUID) -> None:
    rosa = await people.customer("rosa@example.org")
    await erasure.erase(rosa.id)
    _, told = await imported(sheet(SHOPIFY_CUSTOMERS, ROSA), iris)
    assert told.counts == {"skipped": 1} and "deleted at their wish" in told.troubles[0].words
    assert await customer_accounts.by_email("rosa@example.org") is None


async def test_rows_of_nobody_are_skipped_in_words(iris: UUID) -> None:
    rows = [ROSA | {"Email": email} for email in ("", "no address", "a@b@c.org")]
    _, told = await imported(sheet(SHOPIFY_CUSTOMERS, *rows, {}), iris)
    assert told.counts == {"skipped": 3} and [one.line for one in told.troubles] == [2, 3, 4]
    assert "There is no e-mail" in told.troubles[0].words and "“no address” is not an" in told.troubles[1].words


async def test_undo_removes_those_who_did_nothing_since(iris: UUID) -> None:
    known = await people.customer("here@example.org", name="")
    emails = ("rosa@example.org", "in@example.org", "credit@example.org", "here@example.org")
    run, _ = await imported(sheet(SHOPIFY_CUSTOMERS, *(ROSA | {"Email": email} for email in emails)), iris)
    came_in, given = [await customer_accounts.by_email(email) for email in emails[1:3]]
    assert came_in is not None and given is not None
    await customer_accounts.confirm(came_in.id)
    await credit.grant(given.id, 500, cause="moving", words="For moving", expires_at=None)
    assert await record_undo.undo(run, by=iris) == (1, 2)
    assert await customer_accounts.by_email("rosa@example.org") is None
    assert await count("old_customer") == 3 and await customer_accounts.by_id(known.id) is not None
    assert await record_undo.undo(run, by=iris) == (0, 2)


async def test_nothing_is_changed_by_the_preview(iris: UUID) -> None:
    before = await count("person")
    await checked(sheet(SHOPIFY_CUSTOMERS, ROSA), iris)
    assert (await count("person"), await count("address"), await count("old_customer")) == (before, 0, 0)
