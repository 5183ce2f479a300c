"""What one persona may see at one instant, by the names of things, as the oracle has it."""

from dataclasses import dataclass
from datetime import datetime

from tests.leaks.oracle import Oracle, Rows
from tests.leaks.personas import Persona
from tests.leaks.world import World


@dataclass(frozen=True)
class Sight:
    """`open_variants` may be bought; `for_all` are products that a guest sees; `whole` are articles to read whole.

    `guests_open` are variants that a guest may buy, at `guests_prices`.
    """

    persona: Persona
    at: datetime
    shown: frozenset[str]
    for_all: frozenset[str]
    open_variants: frozenset[str]
    shown_variants: frozenset[str]
    prices: dict[str, int]
    out: frozenset[str]
    whole: frozenset[str]
    guests_open: frozenset[str]
    guests_prices: dict[str, int]

    def may_see(self, key: str, field: str) -> bool:
        if key in self._articles:
            return key in (self.whole if field == "body" else self.out)
        return key in self.shown

    _articles = frozenset({"open", "gated", "drip", "later", "gatedlater", "unwritten"})


def of(world: World, rows: Rows, persona: Persona, at: datetime) -> Sight:
    mine, guests = Oracle(rows, persona.person_id, at), Oracle(rows, None, at)
    stands = {
        str(one["id"]): mine.variant(one) for product in world.products.values() for one in rows.variants[product]
    }
    every = [one for id in world.products.values() for one in rows.variants[id]]
    return Sight(
        persona=persona,
        at=at,
        shown=frozenset(key for key, id in world.products.items() if mine.is_shown(id)),
        for_all=frozenset(key for key, id in world.products.items() if guests.is_shown(id)),
        open_variants=frozenset(id for id, (_, is_open) in stands.items() if is_open),
        shown_variants=frozenset(id for id, (is_shown, _) in stands.items() if is_shown),
        prices={str(one["id"]): mine.price(one) for one in every},
        guests_open=frozenset(str(one["id"]) for one in every if guests.variant(one)[1]),
        guests_prices={str(one["id"]): guests.price(one) for one in every},
        out=frozenset(key for key, id in world.articles.items() if mine.is_out(id)),
        whole=frozenset(key for key, id in world.articles.items() if mine.may_read(id)),
    )
