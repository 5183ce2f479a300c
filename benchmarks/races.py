"""Many attempts at little, from two processes at once: nothing may be had too often, and nothing may be left over.

`python -m benchmarks.races [purchases|credit|coupons|seats|all] [attempts]`. In waves: each supplies a few units, then
two processes with sixteen hands each try far more often than there are units. In every second wave three in ten of
those who got one give it back, and others may have it. After each wave what was had is exactly what there was.
"""

import asyncio
import multiprocessing
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import UUID

PROCESSES, HANDS = 2, 16
ATTEMPTS = {"purchases": 250_000, "credit": 100_000, "coupons": 50_000, "seats": 20_000}
A_WAVE, UNITS = 500, 20
PATIENCE = 600


@dataclass
class Told:
    """What one process saw."""

    got: int = 0
    refused: int = 0
    over: int = 0
    under: int = 0
    others: tuple[str, ...] = ()


def _child(
    number: int, name: str, waves: int, thing: UUID, barrier: Barrier, answers: "multiprocessing.Queue[Told]"
) -> None:
    answers.put(asyncio.run(_run(number, name, waves, thing, barrier)))


async def _run(number: int, name: str, waves: int, thing: UUID, barrier: Barrier) -> Told:
    from benchmarks.race_scenarios import RACES
    from components.foundation import database

    race, told = RACES[name](), Told()
    await database.connect(os.environ["RACES_DSN"], pool_size=HANDS)
    try:
        await race.join(thing)
        units = getattr(race, "MOST", UNITS)
        for wave in range(waves):
            if number == 0:
                await race.supply(wave, units)
            barrier.wait(PATIENCE)
            if number:
                await race.follow(wave)
            await _wave(race, random.Random(wave * PROCESSES + number), told, may_lapse=wave % 2 == 1)
            barrier.wait(PATIENCE)
            if number == 0:
                await _mop_up(race, told) if wave % 2 else None
                had, wanted = await race.had(wave), units * (wave + 1)
                told.over += max(0, had - wanted)
                told.under += max(0, wanted - had)
                is_exact = "exact" if had == wanted else f"{abs(had - wanted)} {'OVER' if had > wanted else 'UNDER'}"
                print(
                    f"  wave {wave + 1:4}: {(wave + 1) * A_WAVE:9,} attempts, {had:,} had of {wanted:,}: {is_exact}",
                    flush=True,
                )
        if number == 0:
            print("  the closing look at what must be true …", flush=True)
            told.others += tuple(await race.broken())
    finally:
        await database.disconnect()
    return told


async def _wave(race, chance: random.Random, told: Told, *, may_lapse: bool) -> None:  # type: ignore[no-untyped-def]
    left = iter(range(A_WAVE // PROCESSES))

    async def hand() -> None:
        for _ in left:
            await _try(race, chance, told, may_lapse=may_lapse)

    await asyncio.gather(*(hand() for _ in range(HANDS)))


async def _try(race, chance: random.Random, told: Told, *, may_lapse: bool) -> bool:  # type: ignore[no-untyped-def]
    from components.foundation.refusals import Refusal

    try:
        await race.attempt(chance, may_lapse=may_lapse)
    except Refusal:
        told.refused += 1
        return False
    except Exception as trouble:
        told.others += (repr(trouble)[:200],)
        return False
    told.got += 1
    return True


async def _mop_up(race, told: Told) -> None:  # type: ignore[no-untyped-def]
    """What was given back last is bought by one who comes after everybody."""
    while await _try(race, random.Random(0), told, may_lapse=False):
        pass


async def _prepared(name: str, dsn: str) -> UUID:
    from benchmarks.race_scenarios import RACES
    from components.foundation import database
    from components.foundation.database import migrations

    await database.connect(dsn, pool_size=2)
    try:
        await migrations.apply()
        # What a power cut would lose is no question here, and each commit would wait for the disk.
        await database.execute("ALTER DATABASE postgres SET synchronous_commit = off")
        return await RACES[name]().prepare()
    finally:
        await database.disconnect()


def race(name: str, attempts: int) -> int:
    """Prints what came of it; how much was wrong."""
    from components.foundation.database import embedded

    waves = max(2, attempts // A_WAVE)
    with tempfile.TemporaryDirectory(prefix="clubfront-races-") as folder:
        os.environ["CLUBFRONT_DATA"] = folder
        dsn = embedded.start(Path(folder))
        try:
            os.environ["RACES_DSN"] = dsn
            thing = asyncio.run(_prepared(name, dsn))
            context = multiprocessing.get_context("spawn")
            barrier, answers, began = context.Barrier(PROCESSES), context.Queue(), time.monotonic()
            several = [
                context.Process(target=_child, args=(number, name, waves, thing, barrier, answers))
                for number in range(PROCESSES)
            ]
            for one in several:
                one.start()
            told = [answers.get(timeout=6 * 3600) for _ in several]
            for one in several:
                one.join()
        finally:
            embedded.stop(Path(folder))
    return _verdict(name, told, time.monotonic() - began)


def _verdict(name: str, told: list[Told], seconds: float) -> int:
    got, refused = sum(one.got for one in told), sum(one.refused for one in told)
    over, under = sum(one.over for one in told), sum(one.under for one in told)
    others = [words for one in told for words in one.others]
    tried = got + refused + len(others)
    hands = f"{PROCESSES} processes × {HANDS}"
    print(f"{name}: {tried:,} attempts by {hands} in {seconds:.0f} s, {tried / seconds:.0f} a second")
    print(f"  {got:,} got one, {refused:,} were refused; {over} over, {under} under, {len(others)} other answers")
    for words in others[:10]:
        print(f"  {words}")
    return over + under + len(others)


def main(which: str = "all", attempts: str = "") -> int:
    names = tuple(ATTEMPTS) if which == "all" else (which,)
    return 1 if sum(race(name, int(attempts or ATTEMPTS[name])) for name in names) else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
