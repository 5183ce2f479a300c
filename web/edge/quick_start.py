"""What makes a start short: `serve` imports and assembles the shop once, before it forks, and without collections."""

import gc
import importlib
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from litestar import Litestar
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin


@contextmanager
def without_collections() -> Iterator[None]:
    """For making what lasts as long as the process: collections would look through all of it again and again, half a
    second in all, and find next to nothing. It is never looked through later either, so that forks share it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def importing_the_shop() -> Iterator[None]:
    """The processes that answer are forked from this one, and have all code from it: whoever takes the place of one
    that died has no seconds to spare for it. Where nothing is forked (macOS) each imports it for itself.

    Done while the database starts.
    """
    if multiprocessing.get_start_method() != "fork":
        yield
        return
    importing = threading.Thread(target=importlib.import_module, args=("web.app",), name="importing the shop")
    importing.start()
    try:
        yield
    finally:
        importing.join()


class LeanLitestar(Litestar):
    """Without the parts for models of pydantic and attrs, which no route takes: only importing them took as long as
    reading every template.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]
