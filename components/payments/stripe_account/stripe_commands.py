"""`clubfront stripe connect` and `clubfront stripe check`."""

import asyncio

import click

from components.foundation import settings
from components.foundation.operations import doctor
from components.payments.payment_refusals import PaymentRefused, StripeKeyRefused, StripeUnavailable
from components.payments.stripe_account import account_check, webhook_endpoint
from components.payments.stripe_account.dashboard_settings import DASHBOARD_SETTINGS
from components.payments.stripe_account.webhook_endpoint import ConnectedEndpoint
from components.payments.timeouts import request_time

ILL = click.style("✗", fg="red")
OUTCOMES = {
    "made": "Made the webhook endpoint",
    "replaced": "Replaced the webhook endpoint",
    "updated": "Brought the webhook endpoint up to date:",
    "unchanged": "The webhook endpoint is as it should be:",
}


@click.group("stripe")
def stripe_group() -> None:
    """Connect the shop with its Stripe account, and check that connection."""


@stripe_group.command("connect")
@click.option("--new-secret", is_flag=True, help="Replace an existing endpoint, to get a new signing secret.")
def connect(new_secret: bool) -> None:
    """Make or update the webhook endpoint at Stripe: our address, exactly our events, our API version.

    The signing secret of a new endpoint is printed once, as a line for the environment, and stored nowhere.
    """
    _must_have_key()
    try:
        connected = asyncio.run(_connect(new_secret))
    except (StripeKeyRefused, PaymentRefused) as refusal:
        raise click.ClickException(f"Stripe refused: {refusal.detail or refusal}") from None
    except StripeUnavailable:
        raise click.ClickException("Stripe does not answer. Nothing is lost; run this again in a minute.") from None
    click.echo(f"{OUTCOMES[connected.outcome]} {connected.endpoint.url} ({connected.endpoint.id}).", err=True)
    _tell_secret(connected)


async def _connect(renews_secret: bool) -> ConnectedEndpoint:
    with request_time.timeouts():
        return await webhook_endpoint.connect(renews_secret=renews_secret)


def _tell_secret(connected: ConnectedEndpoint) -> None:
    """The words go to standard error, so that the line alone can be sent to a file of settings."""
    if connected.secret:
        click.echo("Put this line into the shop’s environment and restart it. Stripe shows it only now:", err=True)
        click.echo(f"STRIPE_WEBHOOK_SECRET={connected.secret}")
        click.echo("Until then webhooks are refused; Stripe sends them again for three days.", err=True)
        return
    fault = webhook_endpoint.secret_fault()
    if not fault:
        click.echo("STRIPE_WEBHOOK_SECRET is set; only a delivery shows whether it is this endpoint’s.", err=True)
        return
    click.echo(f"{ILL} {fault.partition(' Run ')[0]}", err=True)
    click.echo(
        "Stripe shows the signing secret in its dashboard under Developers › Webhooks › this endpoint. Or run "
        "`clubfront stripe connect --new-secret`, which replaces the endpoint.",
        err=True,
    )
    raise SystemExit(1)


@stripe_group.command("check")
def check() -> None:
    """Check account, key, webhook endpoint and secret; exits with status 1 if something needs attention."""
    _must_have_key()
    if asyncio.run(_check()):
        raise SystemExit(1)


async def _check() -> int:
    found = [finding async for finding in account_check.examine()]
    for finding in found:
        click.echo(doctor.marked(finding))
    click.echo("\nThese settings can only be seen in Stripe’s dashboard. The shop expects:")
    for each in DASHBOARD_SETTINGS:
        click.echo(f"  {each.name}: {each.expects}.\n    {each.where}. Otherwise {each.otherwise}.")
    click.echo(f"\n{doctor.concluded(found)}")
    return sum(not finding.is_well for finding in found)


def _must_have_key() -> None:
    if settings.current().is_offline:
        raise click.ClickException(
            "No STRIPE_SECRET_KEY is set: the shop uses offline test payments, which need no connection."
        )


COMMANDS = (stripe_group,)
