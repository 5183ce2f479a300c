"""A Stripe key is tried before it is kept; it is kept in the data folder, and shown to nobody."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stripe import HTTPXClient

from components.foundation import database, settings
from components.foundation.secrecy import kept_stripe_key
from components.payments import stripe_connection
from components.payments.stripe_account import key_trial
from components.payments.stripe_account.key_trial import KeyRefused
from tests.support.shops import Shop
from tests.web.setup.conftest import NewShop

GOOD = "sk_test_51NorthlineNorthline0001"


@pytest.fixture(autouse=True)
def tried(shop: Shop) -> Iterator[None]:
    """The stand-in answers for a key that is tried, too."""
    stripe_connection.use_for_trials(shop.stand_in.http_client())
    yield
    stripe_connection.use_for_trials(None)
    kept_stripe_key.forget(settings.current().data)


WRONG = {
    "": "Paste the secret key",
    "pk_test_51NorthlineNorthline0001": "publishable key",
    "whsec_51NorthlineNorthline000001": "signing secret",
    "northline": "begins with sk_test_",
    "sk_test_short": "cut off",
    "sk_live_51NorthlineNorthline0001": "this server runs for practice",
    "sk_test_rolledNorthlineNorthline": "expired or was replaced",
}


async def test_a_wrong_key_is_refused_in_words_and_not_kept(new_shop: NewShop) -> None:
    anna, page = await new_shop.begun()
    for key, words in WRONG.items():
        answered = await anna.submit(page, "/setup/payments", way="stripe", key=key)
        assert answered.status == 422 and words in answered.words, answered.words[120:420]
        assert answered.form("/setup/payments").given["way"] == "stripe", "what was chosen is kept"
        assert not key or key not in answered.text
    assert kept_stripe_key.read(settings.current().data) == ""
    assert (await anna.get("/setup")).path == "/setup/payments"


async def test_a_good_key_is_kept_for_the_next_start_where_only_the_shop_reads_it(new_shop: NewShop) -> None:
    anna, page = await new_shop.begun()
    page = await anna.submit(page, "/setup/payments", way="stripe", key=f" {GOOD} ")
    assert page.path == "/setup/emails" and "Stripe accepts the key" in page.words and "next start" in page.words
    file = settings.current().data / kept_stripe_key.NAME
    assert file.read_text() == GOOD and stat.S_IMODE(file.stat().st_mode) == 0o600
    page = await anna.get("/setup/payments")
    assert GOOD not in page.text and "A key is kept" in page.words
    tables = await database.fetch_values("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        assert not await database.fetch_value(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE $1', f"%{GOOD}%"), (
            table
        )
    page = await anna.submit(page, "/setup/payments", way="practice")
    assert "practice again" in page.words and not file.exists()


def test_the_kept_key_is_the_shops_own_at_its_next_start_unless_the_environment_names_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUBFRONT_DATA", str(tmp_path))
    kept_stripe_key.keep(tmp_path, GOOD)
    begin: Any = settings.current.__wrapped__
    assert begin().stripe_secret_key == GOOD and not begin().is_offline
    monkeypatch.setenv("CLUBFRONT_KEPT_STRIPE_KEY", "")
    assert begin().is_offline, "a process started again beside others keeps the bank they began with"
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_of_the_environment")
    assert begin().stripe_secret_key == "sk_test_of_the_environment"


async def test_a_key_of_the_environment_is_changed_there(new_shop: NewShop, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, _ = await new_shop.begun()
    monkeypatch.setenv("STRIPE_SECRET_KEY", GOOD)
    page = await anna.get("/setup/payments")
    assert "STRIPE_SECRET_KEY" in page.words and "key" not in page.form("/setup/payments").given
    page = await anna.post("/setup/payments", {"way": "stripe", "key": "sk_test_51OtherOtherOtherOther01"})
    assert page.path == "/setup/emails" and kept_stripe_key.read(settings.current().data) == ""


async def test_production_takes_live_keys_only_and_silence_is_said() -> None:
    known = replace(settings.current(), environment="production")
    with pytest.raises(KeyRefused, match="no real card could pay"):
        await key_trial.attempt(GOOD, known)
    with pytest.raises(KeyRefused, match="does not know this key"):
        await key_trial.attempt("sk_live_51NorthlineNorthline0001", known)
    stripe_connection.use_for_trials(None)
    stripe_connection.use_for_trials(HTTPXClient(timeout=0.001))
    with pytest.raises(KeyRefused, match="did not answer"):
        await key_trial.attempt(GOOD, settings.current())


async def test_a_restricted_key_that_may_not_read_the_account_is_accepted(new_shop: NewShop) -> None:
    anna, page = await new_shop.begun()
    page = await anna.submit(page, "/setup/payments", way="stripe", key="rk_test_without_account_northline")
    assert page.path == "/setup/emails" and "restricted one" in page.words
