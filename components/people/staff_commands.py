"""`clubfront staff`: who works in the shop, from a terminal; how the first owner comes in."""

from collections.abc import Awaitable, Callable

import click

from components.foundation.refusals import NotFound
from components.people import customer_accounts, operators
from components.people.tables import Person

Run = Callable[[Callable[[], Awaitable[None]]], None]


@click.group()
def staff() -> None:
    """Who works in the shop."""


@staff.command("list")
@click.pass_obj
def show(run: Run) -> None:
    """Print everybody who works here, and what each may do."""

    async def work() -> None:
        for one in await operators.all_operators():
            click.echo(f"{one.email:<40} {one.role:<6} {' '.join(one.permissions)}")

    run(work)


@staff.command()
@click.argument("email")
@click.option("--owner", "is_owner", is_flag=True, help="May do everything.")
@click.option("--may", multiple=True, type=click.Choice(list(operators.PERMISSIONS)), help="A permission; repeatable.")
@click.option("--password", prompt=True, prompt_required=False, hide_input=True, default=None,
              help="Set a password too; without a value it is asked for. Else they sign in by letter.")  # fmt: skip
@click.pass_obj
def add(run: Run, email: str, is_owner: bool, may: tuple[str, ...], password: str | None) -> None:
    """Let somebody work here, with an account made when there is none."""

    async def work() -> None:
        role = "owner" if is_owner else "staff"
        person = await operators.invite(email, role, may, by=None)
        if password:
            await customer_accounts.claim_unconfirmed(person.id, password=password)
        click.echo(f"{person.email} can now work here as {role}.")

    run(work)


@staff.command()
@click.argument("email")
@click.pass_obj
def remove(run: Run, email: str) -> None:
    """Take somebody's role away; the customer account stays."""

    async def work() -> None:
        person = await _known(email)
        await operators.remove(person.id, by=None)
        click.echo(f"{person.email} no longer works here.")

    run(work)


async def _known(email: str) -> Person:
    person = await customer_accounts.by_email(email)
    if person is None:
        raise NotFound(f"Nobody has an account with {email}.")
    return person


COMMANDS = (staff,)
