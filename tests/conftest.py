"""One PostgreSQL for the whole run, one database for each test process, emptied before each test."""

import asyncio
import gc
import os
import sys
from pathlib import Path

from components.demo import demo_settings
from tests.support import run_folder

# Code once compiled stays so, here and in the programs that tests start: else each of them compiles everything anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_COMPILED = Path(__file__).parents[1] / ".pytest_cache" / "templates"


def keep_templates(folder: Path) -> None:
    """Templates once compiled stay so from run to run: they are known by what is in them."""
    _COMPILED.mkdir(parents=True, exist_ok=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.exists():
        folder.symlink_to(_COMPILED)


_FOLDER = run_folder.begin()
_NAME = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["CLUBFRONT_DATA"] = str(_FOLDER / f"data-{_NAME}")
os.environ["BASE_URL"] = "http://shop.test"
os.environ["LOG_LEVEL"] = "error"
demo_settings.use()
os.environ.pop("DATABASE_URL", None)
os.environ.pop("STRIPE_SECRET_KEY", None)
keep_templates(Path(os.environ["CLUBFRONT_DATA"]) / "template-cache")

from collections.abc import AsyncIterator, Iterator  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402
import uvloop  # noqa: E402
from argon2 import PasswordHasher  # noqa: E402

from components.catalog.pictures import picture_fetcher  # noqa: E402
from components.catalog.pictures.checked_network import DownloadRules  # noqa: E402
from components.foundation import clock, database  # noqa: E402
from components.foundation.shop_settings import setting_rows, shop_settings  # noqa: E402
from components.foundation.shop_settings.shop_settings import ShopSettings  # noqa: E402
from components.people import passwords  # noqa: E402
from components.pricing import domestic_tax  # noqa: E402
from components.pricing.tax import NO_TAX  # noqa: E402
from tests.support import databases, jobs  # noqa: E402

if TYPE_CHECKING:
    from tests.scenarios.conftest import Kiln
    from tests.support.shops import Shop

# The loop that serves the shop.
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

# The same cases every time, however busy the machine is.
hypothesis.settings.register_profile(
    "clubfront",
    max_examples=int(os.environ.get("EXAMPLES", "40")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("clubfront")

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process starts the server before any worker needs it, and stops it after the last."""
    if not hasattr(config, "workerinput"):
        config.add_cleanup(lambda: databases.forget(_FOLDER))


@pytest.fixture(scope="session")
def dsn() -> str:
    """The address of this test process's own database, with the schema in it."""
    return databases.own(_FOLDER, _NAME)


@pytest.fixture(scope="session")
async def pool(dsn: str) -> AsyncIterator[None]:
    await database.connect(dsn, pool_size=20)
    yield
    await jobs.close()
    await database.disconnect()


@pytest.fixture
async def db(pool: None) -> AsyncIterator[None]:
    """An empty database, and time that stands still at noon on 1 March 2027."""
    await databases.empty()
    yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """A password costs a thousandth of what it costs the shop, except where passwords themselves are tested."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", hasher)
        patch.setattr(passwords, "_HASH_OF_NOBODY", hasher.hash("nobody has this password"))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_other_shops() -> Iterator[None]:
    """Files name pictures of real shops: tests find none of them. Those of a test server have rules of their own."""

    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError(host)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture_fetcher, "RULES", DownloadRules(resolve=nowhere))
        yield


@pytest.fixture(autouse=True)
def at() -> Iterator[datetime]:
    """The instant of every test, unless it moves the clock itself; the shop is called what the demo is."""
    clock.set_everywhere(NOON)
    shop_settings.use(ShopSettings().changed(setting_rows.environment()))
    domestic_tax.set_tax(NO_TAX)
    yield NOON
    clock.set_everywhere(None)
    clock.use_system_time()


@pytest.fixture
async def shop(db: None, dsn: str, tmp_path: Path) -> AsyncIterator["Shop"]:
    """An empty shop, open."""
    from tests.support import shops

    async with shops.opened(tmp_path, dsn) as opened:
        yield opened


@pytest.fixture
async def goods(shop: "Shop") -> "Shop":
    """The open shop, delivering in two ways at home and one abroad; folders add what else they sell."""
    from tests.support import fill_basket

    await fill_basket.ways()
    return shop


@pytest.fixture
async def kiln(shop: "Shop") -> "Kiln":
    """The open shop with a few mugs, two plans and hands for everything (`Kiln`)."""
    from tests.scenarios.conftest import stocked

    return await stocked(shop)


@pytest.fixture
async def demo(pool: None) -> AsyncIterator["Shop"]:
    """The whole demo, open, in a database of its own."""
    from tests.support import demos

    async with demos.opened() as opened:
        yield opened


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: browsers and programs that are being started leave a core idle now and then.

    In a whole run another one, for what mostly waits (`sharing.WAITING`).
    """
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return (os.cpu_count() or 1) + (2 if is_whole else 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """File by file, whatever `--dist` says."""
    from tests.support import sharing

    config.option.loadscopereorder = False
    return sharing.FileByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from tests.support import demos, sharing

    items.sort(key=lambda item: sharing.turn(item.nodeid))
    is_first = _NAME in ("main", "gw0") and not config.option.collectonly
    if is_first and any(sharing.wants_the_demo(item) for item in items):
        config.add_cleanup(demos.begin())


def pytest_collection_finish() -> None:
    """What has been imported stays: it is not looked through for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
