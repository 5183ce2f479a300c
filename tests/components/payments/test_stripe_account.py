"""The shop's account at Stripe: connecting, checking, and a key that Stripe refuses (scenarios 52 and 53)."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
from click.testing import CliRunner

from components.foundation import clock, database, settings
from components.foundation.operations import doctor
from components.foundation.settings import BadSetting
from components.foundation.shop_settings import setting_rows, shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.payments import reconcile, stripe_connection
from components.payments.mirror import EVENTS
from components.payments.payment_refusals import StripeKeyRefused
from components.payments.stripe_account import account_check, key_alarm, key_permissions, webhook_endpoint
from components.payments.stripe_account.dashboard_settings import DASHBOARD_SETTINGS
from components.payments.stripe_account.stripe_commands import stripe_group
from components.payments.stripe_calls import stripe_endpoints
from components.payments.webhooks import refused_deliveries
from tests.components.payments.conftest import Till
from web import demo_mode
from web.standin.http import hosts
from web.standin.standin import StandIn

ROOT = Path(__file__).parents[3]
REAL = f"whsec_{'a' * 32}"


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Sets environment variables, and connects with the key they name."""

    def configure(stand_in: StandIn | None = None, **given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()
        shop_settings.use(ShopSettings().changed(setting_rows.environment()))
        if stand_in is not None:
            stripe_connection.connect(http_client=stand_in.http_client())
        key_alarm._Known.written.clear()
        key_alarm._Known.is_clear = False

    yield configure
    monkeypatch.undo()
    settings.current.cache_clear()
    key_alarm._Known.written.clear()


async def findings() -> dict[str, tuple[bool, str]]:
    return {each.what: (each.is_well, each.words) async for each in account_check.examine()}


async def test_53_connect_makes_the_endpoint_with_exactly_our_events_and_only_once(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1")
    made = await webhook_endpoint.connect()
    assert (made.outcome, made.endpoint.url) == ("made", "http://shop.test/hooks/stripe")
    assert made.endpoint.events == EVENTS and made.endpoint.api_version == stripe_connection.API_VERSION
    assert made.secret.startswith("whsec_")
    again = await webhook_endpoint.connect()
    assert (again.outcome, again.secret, again.endpoint.id) == ("unchanged", "", made.endpoint.id)
    assert len(await stripe_endpoints.every()) == 1


async def test_the_tax_settings_are_checked_where_the_shop_has_chosen_stripe_tax(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_1", STRIPE_WEBHOOK_SECRET=REAL)
    assert "Stripe Tax" not in await findings()
    await setting_rows.change({"tax_source": "stripe"}, by=None)
    assert (await findings())["Stripe Tax"] == (True, "it works out the tax of orders")
    till.stand_in.fault("tax_inactive")
    is_well, words = (await findings())["Stripe Tax"]
    assert not is_well and "the address of your head office is missing" in words
    till.stand_in.fault("tax_inactive", times=0)
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_tax")
    await setting_rows.refresh()
    found = await findings()
    assert "Your Stripe key may not use Stripe Tax." in found["Stripe Tax"][1]
    assert "Tax Calculations and Transactions (Write), Tax Settings (Read)" in found["permissions"][1]
    await setting_rows.change({"tax_source": "own"}, by=None)
    assert (await findings())["permissions"][0], "who does not use Stripe Tax needs no permission for it"


async def test_53_an_endpoint_with_other_events_is_named_and_put_right(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1", STRIPE_WEBHOOK_SECRET=REAL)
    assert (await findings())["webhooks"][1].startswith("No webhook endpoint for http://shop.test/hooks/stripe.")
    made = await webhook_endpoint.connect()
    await stripe_endpoints.update(made.endpoint.id, events={*EVENTS - {"invoice.paid"}, "customer.created"}, key="1")
    is_well, words = (await findings())["webhooks"]
    assert not is_well
    assert "Events not sent: invoice.paid." in words and "Events sent but not needed: customer.created." in words
    assert (await webhook_endpoint.connect()).outcome == "updated"
    assert (await findings())["webhooks"] == (True, "http://shop.test/hooks/stripe")


async def test_53_an_endpoint_of_another_version_is_replaced_and_its_disabled_twin_removed(
    till: Till, configured: Any
) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1")
    create = stripe_connection.client().v1.webhook_endpoints.create_async
    for version in ("2020-08-27", stripe_connection.API_VERSION):
        request: Any = {
            "url": webhook_endpoint.address(),
            "enabled_events": ["invoice.paid"],
            "api_version": version,
        }
        last = await create(request)
    assert any("2020-08-27" in words for words in webhook_endpoint.faults(await stripe_endpoints.every()))
    kept = await webhook_endpoint.connect()
    assert (kept.outcome, kept.endpoint.id) == ("updated", last.id)
    assert [each.id for each in await stripe_endpoints.every()] == [last.id]
    renewed = await webhook_endpoint.connect(renews_secret=True)
    assert renewed.outcome == "replaced" and renewed.secret
    assert [each.id for each in await stripe_endpoints.every()] == [renewed.endpoint.id]


async def test_53_an_address_that_stripe_cannot_reach_is_refused(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1", BASE_URL="http://127.0.0.1:8000")
    with pytest.raises(webhook_endpoint.OutOfReach, match="stripe listen"):
        await webhook_endpoint.connect()


@pytest.mark.parametrize(
    ("secret", "words"),
    [("", "is missing"), ("offline", "made up for test payments"), ("whsec_x", "not a signing secret"), (REAL, "")],
)
def test_53_only_a_real_signing_secret_will_do(configured: Any, secret: str, words: str) -> None:
    made_up = settings.current().stripe_webhook_secret
    configured(STRIPE_SECRET_KEY="sk_test_1", STRIPE_WEBHOOK_SECRET=made_up if secret == "offline" else secret)
    fault = webhook_endpoint.secret_fault()
    assert words in fault if words else fault == ""


def test_53_outside_offline_payments_no_secret_is_made_up_and_production_does_not_open_without_one(
    configured: Any,
) -> None:
    configured(STRIPE_SECRET_KEY="sk_live_1", ENVIRONMENT="production", BASE_URL="https://shop.test")
    assert settings.current().stripe_webhook_secret == ""
    with pytest.raises(BadSetting, match="clubfront stripe connect"):
        settings.refuse_to_serve()
    configured(STRIPE_WEBHOOK_SECRET=REAL)
    settings.refuse_to_serve()


async def test_53_without_a_secret_a_delivery_signed_with_nothing_is_refused_and_counted(
    till: Till, configured: Any
) -> None:
    from stripe import WebhookSignature

    from tests.scenarios.test_39_deliveries import body_of

    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1")
    body = body_of()
    header = WebhookSignature.generate_signature_header(body.decode(), "", int(clock.now().timestamp()))
    assert [await till.post(body, {"stripe-signature": header}) for _ in range(3)] == [400] * 3
    (counted,) = await refused_deliveries.recent()
    assert (counted.reason, counted.times, counted.last_at) == ("no secret", 3, clock.now())
    till.advance(days=8)
    assert await refused_deliveries.recent() == []
    till.advance(days=30)
    await refused_deliveries.delete_old()
    assert await database.fetch_value("SELECT count(*) FROM refused_delivery") == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"STRIPE_SECRET_KEY": "pk_test_1"}, "those begin with sk_ or rk_"),
        ({"STRIPE_SECRET_KEY": "sk_live_1"}, "Set ENVIRONMENT to production"),
        (
            {"STRIPE_SECRET_KEY": "sk_test_1", "ENVIRONMENT": "production", "BASE_URL": "https://shop.test"},
            "needs a live key",
        ),
    ],
)
def test_52_the_key_fits_the_environment(configured: Any, given: dict[str, str], words: str) -> None:
    configured(**given)
    assert words in account_check.key_fault(settings.current())


async def test_offline_nothing_is_asked_and_nothing_is_wrong() -> None:
    assert await findings() == {
        "payments": (True, "offline: test payments stand in for Stripe, no real payments are made")
    }


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://shop.example.org", True), ("https://shop.example.org.:8443", True), ("http://8.8.8.8", True),
        ("http://localhost:8000", False), ("https://shop.test", False), ("http://[::1]:8000", False),
        ("http://192.168.1.4", False), ("http://shop", False),
    ],
)  # fmt: skip
async def test_practice_at_a_public_address_is_red(configured: Any, address: str, public: bool) -> None:
    configured(BASE_URL=address)
    is_well, words = (await findings())["payments"]
    assert is_well is not public and ("no order can be paid" in words) is public
    assert demo_mode.controls_are_offered() is not public
    assert hosts.is_at_home(urlsplit(address).hostname or "") is not public  # the stand-in decides it in the same way


async def test_52_a_bogus_key_is_red_and_says_what_stripe_says(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_rolled_1", STRIPE_WEBHOOK_SECRET=REAL)
    is_well, words = (await findings())["account"]
    assert not is_well and "Expired API Key" in words and "rolled_1" not in words


async def test_52_a_good_key_names_the_account(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1", STRIPE_WEBHOOK_SECRET=REAL, CURRENCY="EUR")
    is_well, words = (await findings())["account"]
    assert is_well and "acct_offline" in words and "GB" in words and "the shop sells in EUR" in words


async def test_52_a_restricted_key_that_lacks_a_permission_is_told_which(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_refunds_setup-intents", STRIPE_WEBHOOK_SECRET=REAL)
    assert (await findings())["permissions"] == (
        False,
        "The restricted key may not read: Charges and Refunds (Write), Setup Intents (Read).",
    )
    assert await key_alarm.current() is None, "what a check tries is no alarm"
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_webhook-endpoints_account")
    await findings()
    assert await key_alarm.current() is None
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_")
    assert (await findings())["permissions"][0]


async def test_52_a_rolled_key_is_an_alarm_since_the_first_refusal_and_ends_with_the_first_answer(
    till: Till, configured: Any
) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_rolled_1")
    began = clock.now()
    with pytest.raises(StripeKeyRefused) as refused:
        await till.open()
    assert refused.value.status == 503 and "not been charged" in str(refused.value)
    till.advance(hours=2)
    await reconcile.lightly()
    alarm = await key_alarm.current()
    assert alarm is not None and alarm.kind == "key" and alarm.since - began < timedelta(minutes=1)
    assert "Expired API Key" in alarm.detail and "rolled" not in alarm.detail
    run = await database.fetch_value("SELECT trouble FROM reconcile_run")
    assert run == "Stripe refuses the shop’s key: check STRIPE_SECRET_KEY."
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_2")
    assert await key_alarm.current() is None
    await reconcile.lightly()
    assert await database.fetch_value("SELECT count(*) FROM stripe_key_alarm WHERE ended_at IS NULL") == 0


async def test_52_the_alarm_outlives_the_transaction_in_which_the_key_was_refused(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_rolled_1")
    with pytest.raises(StripeKeyRefused):
        async with database.transaction():
            await stripe_endpoints.every()
    assert await key_alarm.current() is not None


async def test_52_a_missing_permission_is_an_alarm_for_a_day(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_webhook-endpoints")
    with pytest.raises(StripeKeyRefused):
        await stripe_endpoints.every()
    await till.open()
    alarm = await key_alarm.current()
    assert alarm is not None and alarm.kind == "permission" and "rak_webhook_endpoints" in alarm.detail
    till.advance(hours=25)
    assert await key_alarm.current() is None


async def lines() -> list[str]:
    return [click.unstyle(doctor.marked(each)) async for each in account_check.examine()]


async def test_nothing_that_was_not_seen_has_a_tick(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_", STRIPE_WEBHOOK_SECRET=REAL)
    await webhook_endpoint.connect()
    ticked = [line.split()[1] for line in await lines() if "✓" in line]
    assert ticked == ["payments", "Stripe", "account", "permissions", "webhooks"], "not the secret: it is only set"
    till.stand_in.fault("unavailable", times=99)
    silent = await lines()
    assert [line.split()[1] for line in silent if "✓" in line] == ["Stripe"], silent
    assert "– payments     the key is one of Stripe’s test mode; Stripe has not accepted it yet" in silent
    assert "– webhooks     not checked: Stripe does not answer" in silent
    assert [line for line in silent if "✗" in line] == [f"✗ account      {account_check.SILENCE}"]
    said = doctor.concluded([each async for each in account_check.examine()])
    assert said == "1 problem found; 4 marked – say what was not checked."


async def test_a_key_that_may_not_read_the_account_was_accepted_all_the_same(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_account", STRIPE_WEBHOOK_SECRET=REAL)
    found = await lines()
    assert any(line.startswith("– account") for line in found) and any("✓ payments" in line for line in found)


async def test_webhooks_that_anybody_may_have_sent_are_told_without_a_tick(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1", STRIPE_WEBHOOK_SECRET=REAL)
    await refused_deliveries.count("signature")
    (told,) = [click.unstyle(doctor.marked(each)) async for each in account_check.examine_traces()]
    assert told.startswith("– deliveries   1 refused in seven days")


async def test_a_missing_permission_is_not_told_as_a_refused_key(till: Till, configured: Any) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="rk_test_without_webhook-endpoints", STRIPE_WEBHOOK_SECRET=REAL)
    with pytest.raises(StripeKeyRefused):
        await stripe_endpoints.every()
    (told,) = [each.words async for each in account_check.examine_traces()]
    assert told.startswith("The key lacks a permission, noticed on ") and "rak_webhook_endpoints" in told


async def test_the_commands_print_the_secret_alone_on_standard_output(
    till: Till, configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(till.stand_in, STRIPE_SECRET_KEY="sk_test_1")
    monkeypatch.setattr(
        key_alarm._Known, "is_clear", True
    )  # commands have an event loop of their own, without database
    runner = CliRunner()
    made = await asyncio.to_thread(runner.invoke, stripe_group, ["connect"])
    assert made.exit_code == 0 and re.fullmatch(r"STRIPE_WEBHOOK_SECRET=whsec_\w+\n", made.stdout), made.output
    unknown = await asyncio.to_thread(runner.invoke, stripe_group, ["connect"])
    assert unknown.exit_code == 1 and "--new-secret" in unknown.stderr and unknown.stdout == ""
    ill = await asyncio.to_thread(runner.invoke, stripe_group, ["check"])
    assert ill.exit_code == 1 and "STRIPE_WEBHOOK_SECRET is missing" in ill.output
    assert all(each.expects in ill.output for each in DASHBOARD_SETTINGS)
    configured(till.stand_in, STRIPE_WEBHOOK_SECRET=REAL)
    monkeypatch.setattr(key_alarm._Known, "is_clear", True)
    well = await asyncio.to_thread(runner.invoke, stripe_group, ["check"])
    assert well.exit_code == 0 and "No problems found; 1 marked – says what was not checked." in well.output


def test_the_commands_need_a_key() -> None:
    refused = CliRunner().invoke(stripe_group, ["check"])
    assert refused.exit_code == 1 and "No STRIPE_SECRET_KEY is set" in refused.output


# The documents say the same


def table(title: str) -> list[list[str]]:
    """The rows of the table under this heading of docs/payments.md."""
    text = (ROOT / "docs/payments.md").read_text().split(f"### {title}\n", 1)[1].split("\n#", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def test_the_document_lists_exactly_our_events() -> None:
    assert {name.strip("`") for row in table("Events") for name in row[1].split(", ")} == EVENTS


def test_the_document_lists_the_permissions_and_the_permissions_every_call_we_make() -> None:
    listed = {(row[0], row[1], row[2].replace("`", "")) for row in table("Permissions of a restricted key")}
    assert listed == {(each.resource, each.level, ", ".join(each.calls)) for each in key_permissions.PERMISSIONS}
    made = {
        found
        for path in (ROOT / "components/payments").rglob("*.py")
        if path.name != "key_permissions.py"
        for found in re.findall(r"\bv1\s*\.([a-z_.]+)_async\b", path.read_text())
    }
    assert made == {call for each in key_permissions.PERMISSIONS for call in each.calls}


def test_the_document_lists_the_dashboard_settings() -> None:
    rows = {tuple(row) for row in table("Settings of the dashboard")}
    assert rows == {(each.name, each.where, each.expects, each.otherwise) for each in DASHBOARD_SETTINGS}
