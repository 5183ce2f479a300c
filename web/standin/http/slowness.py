"""Calls that really take time: ordered on the control page, slept through here, without stopping anybody else."""

import asyncio
from dataclasses import dataclass

from web.standin.http import faults
from web.standin.http.api import Api, Call, Reply, Unanswered
from web.standin.http.faults import Kind

_under_way: set["asyncio.Task[Reply]"] = set()


@dataclass(frozen=True)
class Slow:
    kind: Kind
    seconds: float


async def finish() -> None:
    """Until no call is being slept through in this process."""
    while _under_way:
        await asyncio.wait(_under_way)


async def answered(api: Api, call: Call) -> Reply:
    """The reply, after whatever time was ordered for it. Raises `Unanswered`."""
    slow = _ordered(api, call)
    if slow is None:
        return api.reply(call)
    task = asyncio.create_task(_slowly(api, call, slow))
    _under_way.add(task)
    task.add_done_callback(_forget)
    return await asyncio.shield(task)


async def _slowly(api: Api, call: Call, slow: Slow) -> Reply:
    """Meanwhile the call's key is in use, as at Stripe."""
    if slow.kind == "silent":
        await asyncio.sleep(slow.seconds)
        raise Unanswered(call.path)
    if api.is_in_use(call):
        return api.reply(call)
    with api.in_use(call):
        if slow.kind == "slow_start":
            await asyncio.sleep(slow.seconds)
        reply = api.carried_out(call)
        if slow.kind == "slow":
            await asyncio.sleep(slow.seconds)
    return reply


def _forget(task: "asyncio.Task[Reply]") -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()


def _ordered(api: Api, call: Call) -> Slow | None:
    kinds: tuple[Kind, ...] = ("silent", "slow", "slow_start") if api.is_a_change(call) else ("silent",)
    with api.engine.store.reading() as connection:
        wanted = [kind for kind in kinds if kind in faults.ordered(connection)]
    for kind in wanted:
        with api.engine.store.changing() as connection:
            seconds = faults.strikes(connection, kind)
        if seconds is not None:
            return Slow(kind, seconds)
    return None
