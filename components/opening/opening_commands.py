"""`clubfront setup-link`: the link with which a new shop is opened, shown again."""

from collections.abc import Awaitable, Callable

import click

from components.opening import setup_links, setup_state, shop_setup

Run = Callable[[Callable[[], Awaitable[None]]], None]
LASTS = "It works once, for 24 hours. Whoever has it becomes the owner: give it to nobody else."


@click.command("setup-link")
@click.option("--skip", is_flag=True, help="Open the shop without its questions; it must have an owner.")
@click.pass_obj
def setup_link(run: Run, skip: bool) -> None:
    """Show a new one-time link to set up a new shop; earlier ones stop working."""

    async def work() -> None:
        await shop_setup.begin_when_empty()
        if not setup_state.current().is_closed:
            raise setup_links.NothingToSetUp
        if skip:
            await shop_setup.skip()
            click.echo("The shop is open.")
        else:
            click.echo(f"{await setup_links.issue()}\n{LASTS}")

    run(work)


async def greeting() -> str:
    """What whoever starts a shop that is not open yet reads; empty for others."""
    state = setup_state.current()
    if not state.is_closed:
        return ""
    if state.owner is not None:
        return "This shop is not open yet. Sign in as its owner to go on; `clubfront setup-link` makes a new link."
    return f"This shop is new. Set it up here:\n\n    {await setup_links.issue()}\n\n{LASTS}"


COMMANDS = (setup_link,)
