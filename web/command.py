"""The `clubfront` command: serve the shop, run its worker, and look after it from a terminal."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import click

from components.foundation import database, embedded, migrations, settings
from components.foundation.currencies import UnsupportedCurrency
from components.foundation.embedded import DatabaseWillNotStart
from components.foundation.refusals import Refusal
from components.foundation.settings import BadSetting

UNREACHABLE = (OSError, asyncpg.PostgresConnectionError, asyncpg.InvalidPasswordError, asyncpg.InvalidCatalogNameError)


class Narrator(click.Group):
    """Whatever goes wrong is told in one sentence, and the exit status is not zero."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (BadSetting, DatabaseWillNotStart, Refusal, UnsupportedCurrency) as trouble:
            raise click.ClickException(str(trouble)) from None
        except UNREACHABLE as trouble:
            raise click.ClickException(f"The database cannot be reached: {trouble}. Is DATABASE_URL right?") from None


@click.group(cls=Narrator)
@click.version_option(package_name="clubfront")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Clubfront: an online shop with a paid membership programme inside it."""
    ctx.obj = run  # components' own commands get it with `click.pass_obj`


@contextlib.asynccontextmanager
async def connected() -> AsyncIterator[None]:
    """The database, started when it is the embedded one, with its migrations applied."""
    known = settings.current()
    await database.connect(known.database_url or embedded.start(known.data), pool_size=known.database_pool)
    try:
        await migrations.apply()
        yield
    finally:
        await database.disconnect()


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a command's work with the database connected."""

    async def with_database() -> None:
        async with connected():
            await work()

    asyncio.run(with_database())


@main.command()
def migrate() -> None:
    """Bring the database to what this version expects."""

    async def work() -> None:
        click.echo("The database is up to date.")

    run(work)


@main.command()
@click.option("--port", type=int, help="Where to listen; default: PORT, else 8000.")
@click.option("--host", help="Which address to listen at; default: HOST, else 127.0.0.1.")
@click.option("--workers", type=int, help="How many processes answer requests; default: WORKERS, else 1.")
@click.option("--without-worker", is_flag=True, help="Run no jobs here: `clubfront worker` does.")
@click.option("--demo", is_flag=True, help="Fill an empty shop with the demo first.")
def serve(port: int | None, host: str | None, workers: int | None, without_worker: bool, demo: bool) -> None:
    """Serve the shop, and run its jobs inside unless told otherwise."""
    from web import serving

    serving.serve(port=port, host=host, workers=workers, works_inside=not without_worker, fills_empty_shop=demo)


@main.command()
def worker() -> None:
    """Run jobs until stopped. Any number of workers may run."""
    from web import serving

    serving.work()


def _attach() -> None:
    """Commands that belong to one component live with it."""
    from components.demo.commands import demo
    from components.exchange.commands import exporting, importing
    from components.insights.commands import backup, check_invariants, doctor, restore
    from components.people.commands import staff

    for command in (demo, importing, exporting, staff, doctor, check_invariants, backup, restore):
        main.add_command(command)


_attach()

if __name__ == "__main__":
    sys.exit(main())
