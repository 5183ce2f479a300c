"""`clubfront staff`: manage staff from a terminal; how the first owner is added."""

from collections.abc import Awaitable, Callable

import click

from components.foundation.refusals import NotFound
from components.people import customer_accounts, operators
from components.people.second_factor import second_factors
from components.people.tables import Person

Run = Callable[[Callable[[], Awaitable[None]]], None]


@click.group()
def staff() -> None:
    """People who work in the shop."""


@staff.command("list")
@click.pass_obj
def show(run: Run) -> None:
    """List everyone who works here, with their permissions."""

    async def work() -> None:
        for one in await operators.all_operators():
            click.echo(f"{one.email:<40} {one.role:<6} {' '.join(one.permissions)}")

    run(work)


@staff.command()
@click.argument("email")
@click.option("--owner", "is_owner", is_flag=True, help="Give every permission.")
@click.option(
    "--may",
    multiple=True,
    type=click.Choice(list(operators.PERMISSIONS)),
    help="A permission to give; can be repeated.",
)
@click.option("--password", prompt=True, prompt_required=False, hide_input=True, default=None,
              help="Also set a password; prompts if no value is given. Otherwise they sign in by e-mail.")  # fmt: skip
@click.pass_obj
def add(run: Run, email: str, is_owner: bool, may: tuple[str, ...], password: str | None) -> None:
    """Give someone staff access. Creates an account if there is none."""

    async def work() -> None:
        role = "owner" if is_owner else "staff"
        person = await operators.invite(email, role, may, by=None)
        if password:
            await customer_accounts.claim_unconfirmed(person.id, password=password)
        click.echo(f"{person.email} now has access as {role}.")

    run(work)


@staff.command()
@click.argument("email")
@click.pass_obj
def remove(run: Run, email: str) -> None:
    """Remove someone's staff access. Their customer account stays."""

    async def work() -> None:
        person = await _known(email)
        await operators.remove(person.id, by=None)
        click.echo(f"{person.email} no longer has staff access.")

    run(work)


@staff.command("reset-second-factor")
@click.argument("email")
@click.pass_obj
def reset_second_factor(run: Run, email: str) -> None:
    """Remove someone's second factor and sign them out: the last way in when phone, keys and codes are lost."""

    async def work() -> None:
        person = await _known(email)
        await second_factors.reset(person.id, by=None)
        click.echo(f"{person.email} has no second factor any more and is signed out everywhere.")

    run(work)


async def _known(email: str) -> Person:
    person = await customer_accounts.by_email(email)
    if person is None:
        raise NotFound(f"There is no account with {email}.")
    return person


COMMANDS = (staff,)
