"""The same lives, their news in disorder: each webhook one to five times, shuffled, eight at a time; facts again."""

import asyncio
import random

from components import worker
from components.foundation import database
from tests.random_lives.machine import Lives

AT_A_TIME = 8
MOST_ROUNDS = 6


class LivesInDisorder(Lives):
    """Copies that are left over come later, among other news; two workers take jobs from each other."""

    def __init__(self) -> None:
        super().__init__()
        self.dice = random.Random(0)
        self.leftover: list[bytes] = []

    async def catch_up(self) -> None:
        for _ in range(MOST_ROUNDS):
            fresh = await self.taken()
            await self.come_in_disorder(fresh)
            await asyncio.gather(self.world.work(at_once=1), self.world.work(at_once=1))
            if not fresh:
                break
            await self.facts_again()
            await asyncio.gather(self.world.work(at_once=1), self.world.work(at_once=1))
        self.is_quiet = True

    async def taken(self) -> list[bytes]:
        """The webhooks that are due, taken out of the post."""
        found: list[bytes] = []

        async def take(body: bytes, headers: dict[str, str]) -> int:
            found.append(body)
            return 200

        await self.world.stand_in.deliver_due(take)
        return found

    async def come_in_disorder(self, fresh: list[bytes]) -> None:
        """Each comes at least once now; up to four more times now or among later news."""
        again = [each for each in fresh for _ in range(self.dice.randint(0, 4))]
        now = [each for each in again if self.dice.random() < 0.7]
        late, self.leftover = self.leftover, [each for each in again if each not in now][:20]
        copies = [*fresh, *now, *late]
        self.dice.shuffle(copies)
        for start in range(0, len(copies), AT_A_TIME):
            batch = copies[start : start + AT_A_TIME]
            assert set(await asyncio.gather(*(self.world.post(each) for each in batch))) == {200}

    async def facts_again(self) -> None:
        rows = await database.fetch("SELECT id FROM announced_fact ORDER BY id DESC LIMIT 15")
        self.dice.shuffle(rows)
        for row in rows:
            await worker.deliver_fact(str(row["id"]))
