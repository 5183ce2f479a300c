"""A process that was killed while it delivered keeps no event from the shop."""

import os

from tests.web.standin.desk import SECRET, Desk
from web.standin.webhooks.deliveries import Courier


def claimed_by_a_process_that_dies(desk: Desk) -> None:
    child = os.fork()
    if child == 0:
        Courier(desk.standin.engine, SECRET)._claim()
        os._exit(0)
    os.waitpid(child, 0)


async def test_what_a_dead_process_was_delivering_is_delivered_at_once_and_was_no_attempt(desk: Desk) -> None:
    await desk.v1.customers.create_async({})
    claimed_by_a_process_that_dies(desk)
    assert await desk.delivered() == ["customer.created"]
    with desk.standin.engine.store.reading() as connection:
        assert connection.execute("SELECT attempts FROM deliveries").fetchall() == [(1,)]


async def test_what_a_living_process_is_delivering_is_left_to_it(desk: Desk) -> None:
    await desk.v1.customers.create_async({})
    Courier(desk.standin.engine, SECRET)._claim()
    assert await desk.delivered() == []
