"""`clubfront upgrade`: a backup, a rehearsal on a copy of it, and only then the real one; and the way back."""

import asyncio
from datetime import datetime
from pathlib import Path

import click

from components.foundation import clock, database, formatting, settings
from components.foundation.database import migrations
from components.foundation.operations import backup as backups
from components.foundation.operations import terminal
from components.foundation.operations.backup import UPGRADES
from components.foundation.shop_settings import setting_rows
from components.insights.rollups import figure_rolls
from components.keeping import backup_commands, upgrade_rehearsal
from components.keeping.upgrade_rehearsal import Rehearsal, RehearsalFailed

REHEARSED, BEFORE, UNDONE, AFTER = "rehearsed", "before", "undone", "after"
STAMP = "%Y%m%dT%H%M%SZ"
KEPT = 3
"""So many backups of each kind stay in the folder; each is a whole shop."""


@click.command()
@click.option("--rehearse-only", is_flag=True, help="Try it on a copy and stop there. The shop may be open meanwhile.")
@click.option("--undo", is_flag=True, help="Go back to the backup made before the last upgrade.")
@click.option("--yes", is_flag=True, help="With --undo: don't ask.")
def upgrade(rehearse_only: bool, undo: bool, yes: bool) -> None:
    """Bring the database of a stopped shop to this version, after trying that on a copy.

    It makes a backup, restores it beside, upgrades the copy and looks for what is inconsistent there. Nothing of the
    shop is touched unless all of that went well.
    """
    with backup_commands.in_one_sentence():
        if undo:
            _undo(is_sure=yes)
        elif rehearse_only:
            _rehearsed()
        else:
            with backup_commands.nobody_served("upgrading it"):
                _upgrade()


def _upgrade() -> None:
    file = _rehearsed()
    if file is None:
        return
    kept = _new(BEFORE)
    file.rename(kept)
    click.echo(f"The backup is kept in {kept}. Now the shop itself …")
    asyncio.run(terminal.bring_up_to_date(terminal.own_dsn()))
    click.echo("The database is up to date. Adding up figures …")
    asyncio.run(_add_up(terminal.own_dsn()))
    click.echo("Start the shop; `clubfront upgrade --undo` goes back.")


async def _add_up(dsn: str) -> None:
    """So that the shop opens with them; what is queued later its worker does."""
    async with database.opened(dsn, pool_size=1):
        await setting_rows.refresh()
        await figure_rolls.roll_all()


def _rehearsed() -> Path | None:
    """The backup that it was tried on; None when there is nothing to do."""
    pending = asyncio.run(_pending(terminal.own_dsn()))
    if not pending:
        click.echo("The database is up to date: there is nothing to upgrade.")
        return None
    file = _new(REHEARSED)
    click.echo(f"{len(pending)} {'migration is' if len(pending) == 1 else 'migrations are'} pending. Making a backup …")
    backups.create(file, dsn=terminal.own_dsn(), data=settings.current().data)
    click.echo("Rehearsing on a copy …")
    try:
        found = upgrade_rehearsal.rehearse(file)
    except RehearsalFailed as trouble:
        raise RehearsalFailed(f"The rehearsal failed, and nothing of the shop was changed. {trouble}") from None
    _tell(found)
    return file


async def _pending(dsn: str) -> list[str]:
    async with database.opened(dsn, pool_size=1):
        await migrations.refuse_earlier_version()
        return await migrations.pending()


def _tell(found: Rehearsal) -> None:
    click.echo(f"The copy was upgraded in {found.seconds:.1f} s, and everything in it is consistent.")
    closed = [lock.table for lock in found.locks if lock.is_closed]
    held = [lock.table for lock in found.locks if not lock.is_closed]
    click.echo(f"Meanwhile nobody can use: {', '.join(closed) or 'no table is closed'}.")
    if held:
        click.echo(f"Nobody can change: {', '.join(held)}.")
    if found.fewer:
        click.echo(f"Tables with fewer rows afterwards: {', '.join(found.fewer)}.")
    if found.broken_before:
        click.echo(f"{found.broken_before} inconsistencies were there before: see `check-invariants`.")


def _undo(*, is_sure: bool) -> None:
    """What has happened since is put aside in a backup of its own, and then replaced."""
    known = settings.current()
    files = sorted((known.data / UPGRADES).glob(f"{BEFORE}-*.tar"))
    if not files:
        raise click.ClickException("There is no upgrade to undo.")
    with backup_commands.nobody_served("undoing an upgrade"):
        if not is_sure:
            made = _made_at(files[-1])
            click.confirm(f"Everything since {made}, orders too, leaves the shop. Continue?", abort=True)
        backup_commands.refuse_unrestorable(files[-1])
        after = _new(AFTER)
        backups.create(after, dsn=terminal.own_dsn(), data=known.data)
        taken_at = backup_commands.restore_from(files[-1], "")
        files[-1].rename(files[-1].with_name(files[-1].name.replace(BEFORE, UNDONE, 1)))
    click.echo(f"The shop is as it was on {taken_at}. What it was until now is in {after}.")
    click.echo("Install the version it had before you start it: this version would upgrade it again.")


def _made_at(file: Path) -> str:
    return formatting.moment(datetime.strptime(file.stem.partition("-")[2] + "+0000", f"{STAMP}%z"))


def _new(kind: str) -> Path:
    """A file for one more backup of this kind; the oldest make room."""
    folder = settings.current().data / UPGRADES
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in sorted(folder.glob(f"{kind}-*.tar"))[: -(KEPT - 1)]:
        old.unlink()
    return folder / f"{kind}-{clock.of_this_machine().strftime(STAMP)}.tar"


COMMANDS = (upgrade,)
