"""`clubfront emails`: what e-mails look like, from a terminal."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import click

Run = Callable[[Callable[[], Awaitable[Any]]], Any]


@click.group()
def emails() -> None:
    """Look at the e-mails that the shop sends."""


@emails.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--language", "languages", multiple=True, help="A language, several times for more; default: all.")
@click.pass_obj
def gallery(run: Run, folder: Path, languages: tuple[str, ...]) -> None:
    """Write every e-mail in every case to FOLDER, with made-up values and the shop's own looks: HTML, dark, plain."""
    from components.foundation.languages import catalogues
    from components.messaging import email_gallery

    known = catalogues.codes()
    if unknown := [code for code in languages if code not in known]:
        raise click.ClickException(f"The shop does not speak {', '.join(unknown)}, only {', '.join(known)}.")

    async def work() -> None:
        count = await email_gallery.write(folder, languages or tuple(known))
        click.echo(f"{count} e-mails are in {folder}. Open {folder / 'index.html'}.")

    run(work)


COMMANDS = (emails,)
