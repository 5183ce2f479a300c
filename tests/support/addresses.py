"""Acts from another machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from components.foundation.operations import security_events
from components.foundation.operations.security_events import Origin


@contextmanager
def at_address(address: str) -> Iterator[None]:
    before = security_events.origin.set(Origin(address, ""))
    yield
    security_events.origin.reset(before)
