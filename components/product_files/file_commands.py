"""`clubfront import` and `clubfront export`."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from components.product_files import export_file as giving
from components.product_files import import_archive
from components.product_files import import_file as taking
from components.product_files.import_file import ImportResult

Run = Callable[[Callable[[], Awaitable[None]]], None]


@click.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.pass_obj
def import_command(run: Run, path: Path, dry_run: bool) -> None:
    """Bring in a product file of Shopify or WooCommerce (CSV); it says itself which it is.

    Lines that cannot be used are named with their reason and stop no others. A second time changes nothing.
    """

    async def work() -> None:
        verb = taking.preview if dry_run else taking.run_import
        _tell(await verb(path.read_bytes(), name=path.name), is_rehearsal=dry_run)

    run(work)


def _tell(outcome: ImportResult, *, is_rehearsal: bool) -> None:
    for one in outcome.told:
        if one.what != "the same":
            fields = f" ({', '.join(one.fields)})" if one.fields else ""
            click.echo(f"line {one.line}: {one.title}: {one.what}{fields}")
    for note in outcome.notes:
        click.echo(f"line {note.line}: note: {note.words}")
    for trouble in outcome.troubles:
        click.secho(f"line {trouble.line}: left out: {trouble.words}", fg="red", err=True)
    would = "would change" if is_rehearsal else "changed"
    click.echo(
        f"{outcome.name} ({outcome.source}): {outcome.count('new')} new, {outcome.count('changed')} changed, "
        f"{outcome.count('the same')} the same. {outcome.changed_rows} of {outcome.rows} rows {would} something, "
        f"{len(outcome.troubles)} left out."
    )


@click.command("export")
@click.argument("what", default="shopify")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Where to write; default: here.")
@click.option("--list", "lists", is_flag=True, help="Say which files have come in.")
@click.pass_obj
def export_command(run: Run, what: str, output: Path | None, lists: bool) -> None:
    """Give products back as CSV.

    WHAT is the name of a file that came in (it comes back the same, but for what has changed since), or "shopify" or
    "woocommerce" for the whole catalogue in those columns.
    """

    async def work() -> None:
        if lists:
            for name, source in await import_archive.file_names():
                click.echo(f"{name} ({source})")
            return
        written = await _given(what)
        if output is None:
            sys.stdout.buffer.write(written)
            sys.stdout.buffer.flush()
        else:
            output.write_bytes(written)
            click.echo(f"{output}: {len(written):,} bytes.")

    run(work)


async def _given(what: str) -> bytes:
    if what == "shopify":
        return await giving.shopify_file()
    if what == "woocommerce":
        return await giving.woocommerce_file()
    return await giving.original_file(Path(what).name)


COMMANDS = (import_command, export_command)
