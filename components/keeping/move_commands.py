"""`clubfront move pack`, `unpack` and `stay`: a shop leaves one place and is served from another."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from components.foundation import database, formatting
from components.foundation.database import migrations
from components.foundation.operations import terminal
from components.keeping import backup_commands, moved_shop, moving, restore_proof

SHORTEST = 12
LONGEST_ADDRESS = 200
Result = TypeVar("Result")
PASSPHRASE = "CLUBFRONT_PASSPHRASE"


@click.group()
def move() -> None:
    """Move the shop to another folder, database or machine, in one encrypted file."""


@move.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to", default="", help="The address of the new place, if it changes: visitors here are told.")
@click.option("--passphrase", envvar=PASSPHRASE, help=f"Opens FILE. Better in {PASSPHRASE}; asked for otherwise.")
def pack(file: Path, to: str, passphrase: str | None) -> None:
    """Put the whole shop into FILE, and close it here.

    Database, pictures, secrets, and the settings of the environment. The shop must be stopped. Once FILE was restored
    as a proof, this place sells nothing any more: it answers every page with words.
    """
    passphrase = passphrase or str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True))
    if len(passphrase) < SHORTEST:
        raise click.ClickException(f"The passphrase needs {SHORTEST} characters or more: FILE holds every secret.")
    if to and (not to.startswith(("https://", "http://")) or len(to) > LONGEST_ADDRESS):
        raise click.ClickException("--to must be an address: https://shop.example.org.")
    with backup_commands.in_one_sentence(), backup_commands.nobody_served("packing it"):
        dsn = terminal.own_dsn()
        if said := asyncio.run(_connected(dsn, _reason_not_to_pack)):
            raise click.ClickException(said)
        asyncio.run(moving.refuse_when_others_are_connected(dsn))
        moving.pack(file.resolve(), dsn=dsn, passphrase=passphrase)
        click.echo("Packed. Checking it by restoring it into a temporary database …")
        with restore_proof.restored(file, passphrase=passphrase):
            pass
        asyncio.run(_connected(dsn, lambda: moved_shop.leave(to=to)))
    click.echo(f"The shop is in {file} ({file.stat().st_size / 1024**2:.1f} MB), and sells nothing here any more.")
    click.echo("In the new place: `clubfront move unpack`. Back here, if you give it up: `clubfront move stay`.")


async def _reason_not_to_pack() -> str:
    if await migrations.pending():
        return "The database is of an earlier version. Run `clubfront upgrade` first, or pack it with that version."
    return await moved_shop.refusal()


@move.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--passphrase", envvar=PASSPHRASE, help=f"What FILE was packed with. Better in {PASSPHRASE}.")
def unpack(file: Path, passphrase: str | None) -> None:
    """Put the shop from FILE into CLUBFRONT_DATA and DATABASE_URL, which must be empty."""
    passphrase = passphrase or str(click.prompt("Passphrase", hide_input=True, err=True))
    with backup_commands.in_one_sentence():
        moving.refuse_full_folder(Path(os.environ.get("CLUBFRONT_DATA") or "data").expanduser().resolve())
        dsn = terminal.own_dsn()
        with backup_commands.nobody_served("unpacking another"):
            found = moving.unpack(file, dsn=dsn, passphrase=passphrase)
            asyncio.run(terminal.bring_up_to_date(dsn))
    click.echo(f"The shop is here, as it was on {formatting.moment(found.contents.taken_at)}.")
    if found.written:
        click.echo(f"What the environment said there is in {found.written}: set here what you need, and delete it.")
    click.echo("Run `clubfront doctor`, then `clubfront serve`.")


@move.command()
def stay() -> None:
    """Open the shop here again, after it was packed. Never do that when it is served in the new place."""
    click.confirm("Is it certain that the shop is not served anywhere else?", abort=True)
    was_closed = asyncio.run(_connected(terminal.own_dsn(), moved_shop.stay))
    click.echo("The shop may be served here again." if was_closed else "The shop was not packed: nothing to do.")


async def _connected(dsn: str, work: Callable[[], Awaitable[Result]]) -> Result:
    async with database.opened(dsn, pool_size=1):
        return await work()


COMMANDS = (move,)
