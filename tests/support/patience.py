"""Less patience than the shop has, so that tests of slowness do not take as long as banks do."""

from collections.abc import Iterator
from contextlib import contextmanager

from components.payments.timeouts import request_time
from components.payments.timeouts.request_time import Patience


@contextmanager
def of(**seconds: float) -> Iterator[None]:
    before = request_time.patience()
    request_time.use_patience(Patience(**seconds))
    try:
        yield
    finally:
        request_time.use_patience(before)


@contextmanager
def scaled(scale: float) -> Iterator[None]:
    """The shop's patience, `scale` times as long."""
    known = Patience()
    with of(**{name: getattr(known, name) * scale for name in Patience.__dataclass_fields__}):
        yield
