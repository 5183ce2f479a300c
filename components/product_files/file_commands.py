"""`clubfront import` and `clubfront export`."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from components.foundation.sheets import formula_escaping
from components.product_files import export_file as giving
from components.product_files import import_archive
from components.product_files import import_file as taking
from components.product_files.import_result import ImportResult

Run = Callable[[Callable[[], Awaitable[None]]], None]


@click.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, without changing anything.")
@click.pass_obj
def import_command(run: Run, path: Path, dry_run: bool) -> None:
    """Import a Shopify or WooCommerce product file (CSV). The format is detected.

    Rows that cannot be imported are listed with the reason and skipped. Importing the same file again changes nothing.
    """

    async def work() -> None:
        verb = taking.preview if dry_run else taking.run_import
        _tell(await verb(path.read_bytes(), name=path.name), is_rehearsal=dry_run)

    run(work)


def _tell(outcome: ImportResult, *, is_rehearsal: bool) -> None:
    for one in outcome.told:
        if one.what != "the same":
            fields = f" ({', '.join(one.fields_in_words)})" if one.fields else ""
            click.echo(f"row {one.line}: {one.title}: {one.what}{fields}")
    for note in outcome.notes:
        click.echo(f"row {note.line}: note: {note.words}")
    for trouble in outcome.troubles:
        click.secho(f"row {trouble.line}: skipped: {trouble.words}", fg="red", err=True)
    would = "would change" if is_rehearsal else "changed"
    click.echo(
        f"{outcome.name} ({outcome.source}): {outcome.count('new')} new, {outcome.count('changed')} changed, "
        f"{outcome.count('the same')} unchanged. {outcome.changed_rows} of {outcome.rows} rows {would} something, "
        f"{outcome.skipped_rows} skipped."
    )


@click.command("export")
@click.argument("what", default="shopify")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write to; default: standard output.",
)
@click.option("--list", "lists", is_flag=True, help="List imported files.")
@click.option("--spreadsheet", is_flag=True, help="To be opened in a spreadsheet: no cell of it runs there.")
@click.pass_obj
def export_command(run: Run, what: str, output: Path | None, lists: bool, spreadsheet: bool) -> None:
    """Export products as CSV, exact, as another shop reads it.

    WHAT is the name of an imported file (exported unchanged except for later changes), or "shopify" or "woocommerce"
    for the whole catalogue in that format.
    """

    async def work() -> None:
        if lists:
            for name, source in await import_archive.file_names():
                click.echo(f"{name} ({source})")
            return
        written = await _given(what)
        if spreadsheet:
            written = formula_escaping.for_a_spreadsheet(written)
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
