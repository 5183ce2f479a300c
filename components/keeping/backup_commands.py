"""`clubfront backup`, `restore` and `backups`."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from components.foundation import formatting, settings
from components.foundation.operations import backup as backups
from components.foundation.operations import sealed_files, terminal
from components.insights import operations_commands
from components.insights.operations_commands import ILL
from components.keeping import backup_rows, backup_store, kept_backups, restore_proof

INCONSISTENT = 3


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Back up the whole shop to FILE: database, pictures, stand-in and secrets. It can keep running meanwhile.

    With BACKUP_PASSPHRASE, FILE is encrypted. Exits with status 3 when FILE is complete, but what is in it is
    inconsistent; with 1 when there is no FILE.
    """
    known = settings.current()
    with in_one_sentence():
        backups.create(file.resolve(), dsn=terminal.own_dsn(), data=known.data, passphrase=known.backup_passphrase)
        click.echo("Backup written. Checking it by restoring it into a temporary database …")
        broken = inconsistencies(file)
    is_sealed = bool(known.backup_passphrase)
    safe = "It is encrypted with BACKUP_PASSPHRASE." if is_sealed else "It contains secrets: keep it safe."
    click.echo(f"Backup saved to {file} ({file.stat().st_size / 1024**2:.1f} MB). {safe}")
    if broken:
        click.echo(f"{ILL} It is complete and can be restored. In the shop itself, {counted(broken)}.", err=True)
        raise SystemExit(INCONSISTENT)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option("--yes", prompt="This replaces everything in this shop with the backup. Continue?")
def restore(file: Path) -> None:
    """Restore the shop from FILE, after checking it in a temporary database.

    A damaged FILE is refused. One that is whole is restored, whatever is inconsistent in it, and that is said. An
    encrypted FILE is opened with BACKUP_PASSPHRASE, or asks for it.
    """
    passphrase = ask_passphrase(file)
    with in_one_sentence(), nobody_served("restoring a backup"):
        broken = inconsistencies(file, passphrase)
        taken_at = restore_from(file, passphrase)
    click.echo(f"The shop is as it was on {taken_at}.")
    if broken:
        click.echo(f"{ILL} It was so in the backup already: {counted(broken)}. See `check-invariants`.", err=True)


def restore_from(file: Path, passphrase: str) -> str:
    """Replace this shop by what is in the file; when it was taken."""
    with backups.open_backup(file, passphrase=passphrase) as (work, kept):
        backups.load_database(work, dsn=terminal.own_dsn(), server=kept.server)
        backups.load_files(work, data=settings.current().data)
        return formatting.moment(kept.taken_at)


@click.group("backups")
def scheduled() -> None:
    """The backups that the worker makes: list, make, prove and fetch them."""


@scheduled.command("list")
def list_all() -> None:
    """What is kept where BACKUP_TO says, the oldest first."""
    with in_one_sentence():
        _refuse_without_place()
        for name in backup_store.names():
            click.echo(f"{name}  {backup_store.size(name) / 1024**2:,.1f} MB")


@scheduled.command()
def make() -> None:
    """Make one now, send it where BACKUP_TO says, and prove it by restoring it from there."""
    _refuse_without_place()
    terminal.run(_make)


async def _make() -> None:
    await kept_backups.make()
    (row,) = await backup_rows.latest(1)
    if wrong := row.failure or row.proof_failure or ("" if row.ended_at else "A backup is being made already."):
        raise click.ClickException(wrong)
    click.echo(f"{row.name}, {row.size / 1024**2:,.1f} MB: restored with all {row.proven_rows:,} rows.")


@scheduled.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def fetch(name: str, file: Path) -> None:
    """Copy the backup NAME from where it is kept to FILE, for `clubfront restore`."""
    with in_one_sentence():
        _refuse_without_place()
        backup_store.fetch(name, file)
    click.echo(f"Fetched {name} to {file} ({file.stat().st_size / 1024**2:,.1f} MB).")


def _refuse_without_place() -> None:
    if not settings.current().makes_backups:
        raise click.ClickException("No place is set for backups: set BACKUP_TO.")


def counted(broken: int) -> str:
    return "1 inconsistency was found" if broken == 1 else f"{broken} inconsistencies were found"


def inconsistencies(file: Path, passphrase: str | None = None) -> int:
    """Restore into a temporary database, print what is inconsistent there, in its own time, and count it."""
    own = settings.current().backup_passphrase if passphrase is None else passphrase
    return restore_proof.prove(file, passphrase=own, examine=operations_commands.check_sample).inconsistent


def refuse_unrestorable(file: Path) -> None:
    """Restore it beside and change nothing in it: it may be of an earlier version. Raises `BackupFailed`."""
    with restore_proof.restored(file):
        pass


def ask_passphrase(file: Path) -> str:
    known = settings.current().backup_passphrase
    if known or not sealed_files.is_sealed(file):
        return known
    return str(click.prompt(f"Passphrase of {file.name}", hide_input=True, err=True))


@contextmanager
def nobody_served(doing: str) -> Iterator[None]:
    """While the block lasts, no process serves this data folder."""
    with (settings.current().data / "serving.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException(f"The shop is running. Stop it before {doing}.") from None
        yield


@contextmanager
def in_one_sentence() -> Iterator[None]:
    try:
        yield
    except backups.BackupFailed as trouble:
        raise click.ClickException(str(trouble)) from None


COMMANDS = (backup, restore, scheduled)
