"""Each code goes to one person, each person has one code; perks are counted."""

import asyncio
from datetime import timedelta

import pytest

from components.foundation import clock, database, ids
from components.foundation.refusals import NotFound
from components.rewards import partner_codes, perks
from components.rewards.partner_codes import BadCodes, NoCodesLeft
from components.rewards.perks import UsedUp
from tests.support.cells import every_cell

BENEFIT, MAYA, IRIS = ids.new(), ids.new(), ids.new()


async def pool(number: int) -> None:
    await partner_codes.upload(BENEFIT, "\n".join(f"CODE-{n:03}" for n in range(number)), by=IRIS)


async def test_two_hundred_people_and_two_hundred_codes_each_once(db: None) -> None:
    await pool(200)
    people = [ids.new() for _ in range(200)]
    claimed = await asyncio.gather(*(partner_codes.claim(BENEFIT, person_id=one) for one in people))
    assert len(set(claimed)) == 200
    assert (await partner_codes.pool(BENEFIT)).left == 0
    with pytest.raises(NoCodesLeft):
        await partner_codes.claim(BENEFIT, person_id=ids.new())


async def test_two_hundred_people_and_fifty_codes_leave_nobody_with_somebody_elses(db: None) -> None:
    await pool(50)

    async def asked() -> str | None:
        try:
            return await partner_codes.claim(BENEFIT, person_id=ids.new())
        except NoCodesLeft:
            return None

    claimed = [one for one in await asyncio.gather(*(asked() for _ in range(200))) if one]
    assert len(claimed) == len(set(claimed)) == 50


async def test_asking_again_shows_the_same_code(db: None) -> None:
    await pool(20)
    claimed = await asyncio.gather(*(partner_codes.claim(BENEFIT, person_id=MAYA) for _ in range(12)))
    assert set(claimed) == {"CODE-000"} and (await partner_codes.pool(BENEFIT)).claimed == 1


@pytest.mark.parametrize(
    ("written", "added"),
    [
        ("A\nB\n\n A \nC", 3),
        ("code,note\nA,x\nB,y", 2),
        ('\ufeffCode\r\n"A";1\r\n"B";2\r\n', 2),
    ],
)
async def test_codes_come_from_lines_and_from_csv(db: None, written: str, added: int) -> None:
    assert await partner_codes.upload(BENEFIT, written, by=IRIS) == added
    assert await partner_codes.upload(BENEFIT, written, by=IRIS) == 0
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'codes uploaded'") == 2


@every_cell("written", ["", " \n ", "code", "A" * 201, "A\x07B", "\n".join(map(str, range(20_001)))])
async def test_what_are_no_codes_is_refused(db: None, written: str) -> None:
    with pytest.raises(BadCodes):
        await partner_codes.upload(BENEFIT, written, by=IRIS)


async def test_unclaimed_codes_may_be_thrown_away_claimed_ones_stay(db: None) -> None:
    await pool(3)
    hers = await partner_codes.claim(BENEFIT, person_id=MAYA)
    assert await partner_codes.discard(BENEFIT, by=IRIS) == 2
    assert (await partner_codes.of_person(MAYA))[BENEFIT].code == hers


async def test_a_perk_is_counted_and_no_more_often_used_than_promised(db: None) -> None:
    key, since = ids.new(), clock.now() - timedelta(days=365)

    async def use(name: object) -> bool:
        try:
            await perks.use(BENEFIT, person_id=MAYA, by=IRIS, key=name, most=2, since=since)
        except UsedUp:
            return False
        return True

    assert all(await asyncio.gather(*(use(key) for _ in range(5))))
    assert await perks.use_counts(BENEFIT, person_id=MAYA) == 1
    assert sum(await asyncio.gather(*(use(ids.new()) for _ in range(5)))) == 1
    await perks.undo(key, person_id=MAYA, by=IRIS)
    with pytest.raises(NotFound):
        await perks.undo(key, person_id=MAYA, by=IRIS)
    assert await perks.use_counts(BENEFIT, person_id=MAYA) == 1
    assert await use(ids.new())
