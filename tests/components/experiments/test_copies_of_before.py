"""The migration of copies that were made before anything said what a copy was made from."""

from importlib import import_module
from uuid import UUID

from components.experiments import experiment_decisions
from components.foundation import database
from components.memberships.benefits import benefit_families
from tests.support.shops import Shop
from tests.web.shop.test_benefit_promises import by, joins, later
from tests.web.shop.test_promises_by_hand import credit, trying

MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_30_0576_what_copies_of_before_were_made_from")


async def families() -> dict[UUID, tuple[UUID, ...]]:
    nobody = UUID(int=0)
    every = await database.fetch_values("SELECT id FROM benefit ORDER BY id")
    return {one: await benefit_families.relatives(one, nobody) for one in every}


async def test_copies_of_before_count_as_they_would_have(shop: Shop) -> None:
    five, eight, apart = await credit(5, "once"), await credit(8, "once"), await credit(3, "once")
    _, experiment = await trying(eight, instead_of=five)
    await joins(shop, experiment)
    for is_decided in (False, True):
        if is_decided:
            await later()
            await experiment_decisions.decide(experiment, 1, by=await by())
        wanted = await families()
        assert len(wanted[five]) == 1 + is_decided and not wanted[apart]
        await database.execute("UPDATE benefit SET made_from = '{}'")
        for statement in MIGRATION.STATEMENTS:
            await database.execute(statement)
        assert await families() == wanted
