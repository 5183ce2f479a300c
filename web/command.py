"""The `clubfront` command: serve the shop, run its worker, and manage it from a terminal."""

import asyncio
import importlib
import socket
import sys

import asyncpg
import click

from components.foundation.database.embedded import DatabaseWillNotStart
from components.foundation.database.migrations import DatabaseOfEarlierVersion
from components.foundation.database.pooled_sessions import PoolerUnfit
from components.foundation.operations import terminal
from components.foundation.refusals import Refusal
from components.foundation.settings import BadSetting
from web.standin.state import practice_offset

UNREACHABLE = (
    ConnectionRefusedError,
    ConnectionResetError,
    FileNotFoundError,
    socket.gaierror,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)
TOO_LATE = (
    "The database did not answer in time. The machine may be too busy: try again. If it goes on, check DATABASE_URL."
)

ELSEWHERE = {
    "import": "components.product_files.file_commands",
    "export": "components.product_files.file_commands",
    "setup-link": "components.opening.opening_commands",
    "staff": "components.people.staff_commands",
    "emails": "components.messaging.email_commands",
    "figures": "components.insights.figures_commands",
    "stripe": "components.payments.stripe_account.stripe_commands",
    "doctor": "components.insights.operations_commands",
    "check-invariants": "components.insights.operations_commands",
    "backup": "components.keeping.backup_commands",
    "restore": "components.keeping.backup_commands",
    "backups": "components.keeping.backup_commands",
    "upgrade": "components.keeping.upgrade_commands",
    "move": "components.keeping.move_commands",
}
"""Commands of one component are defined there and imported only when used."""


class Narrator(click.Group):
    """Errors are reported in one sentence, with a non-zero exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *ELSEWHERE]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in ELSEWHERE:
            return super().get_command(ctx, name)
        found: tuple[click.Command, ...] = importlib.import_module(ELSEWHERE[name]).COMMANDS
        return next(command for command in found if command.name == name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (BadSetting, DatabaseOfEarlierVersion, DatabaseWillNotStart, PoolerUnfit, Refusal) as trouble:
            raise click.ClickException(str(trouble)) from None
        except TimeoutError:
            raise click.ClickException(TOO_LATE) from None
        except UNREACHABLE as trouble:
            raise click.ClickException(f"The database cannot be reached: {trouble}. Check DATABASE_URL.") from None


@click.group(cls=Narrator)
@click.version_option(package_name="clubfront")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Clubfront: an online shop with a paid membership programme inside it."""
    terminal.use_practice_offset(practice_offset.read)
    ctx.obj = terminal.run  # components' own commands get it with `click.pass_obj`


@main.command()
def migrate() -> None:
    """Update the database schema to this version."""

    from components.insights.rollups import figure_rolls
    from components.memberships.grants import gift_codes

    async def work() -> None:
        await gift_codes.keep_under_todays_secret()
        await figure_rolls.roll_all()
        click.echo("The database is up to date.")

    terminal.run(work)


@main.command()
@click.option("--port", type=int, help="Port to listen on; default: PORT, or 8000.")
@click.option("--host", help="Address to listen on; default: HOST, or 127.0.0.1.")
@click.option("--workers", type=int, help="Number of server processes; default: WORKERS, or 1.")
@click.option("--without-worker", is_flag=True, help="Don't run background jobs; use `clubfront worker` instead.")
@click.option("--demo", is_flag=True, help="Fill an empty shop with demo data first.")
@click.option(
    "--take-over", is_flag=True, help="Ask the process that serves this data folder to stop, and take its place."
)
def serve(
    port: int | None, host: str | None, workers: int | None, without_worker: bool, demo: bool, take_over: bool
) -> None:
    """Start the shop, including its background jobs."""
    from components.demo import demo_guard, demo_settings
    from web import serving

    if demo:
        demo_guard.refuse_where_money_is_real()
        demo_settings.use()
    serving.serve(
        port=port,
        host=host,
        workers=workers,
        works_inside=not without_worker,
        fills_empty_shop=demo,
        takes_over=take_over,
    )


@main.command()
@click.option("--members", type=click.IntRange(1, 1_000_000), help="People who are or were members.")
@click.option("--orders", type=click.IntRange(0, 10_000_000), help="Orders; default: ten for each member.")
@click.option("--years", type=click.IntRange(1, 20), help="Length of the history; default: 5.")
@click.option("--seed", type=int, help="The same number gives the same history; default: 1.")
def demo(members: int | None, orders: int | None, years: int | None, seed: int | None) -> None:
    """Fill an empty shop with demo data: products, plans, articles, customers and years of orders.

    With any of the options the history is generated, of that size.
    """
    from components.demo import building, cast, demo_guard, demo_settings, practice_payments
    from components.demo.generator import half_filled, shop_sizes
    from components.opening import setup_state
    from web import app, serving

    demo_guard.refuse_where_money_is_real()
    half_filled.refuse()
    demo_settings.use()
    practice_payments.use(app.make_stand_in)
    size = shop_sizes.asked(members, orders, years, seed)

    async def work() -> None:
        await setup_state.refresh()
        if setup_state.current().is_closed:
            raise click.ClickException(serving.NEW_SHOP)
        await building.fill(size)

    try:
        terminal.run(work, is_long=True)
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise click.ClickException(half_filled.words() or "Stopped.") from None
    click.echo(cast.introduction())


@main.command()
def worker() -> None:
    """Run background jobs until stopped. You can run several workers."""
    from web import serving

    serving.work()


if __name__ == "__main__":
    sys.exit(main())
