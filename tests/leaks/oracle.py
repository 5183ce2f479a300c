"""What ought to be seen, worked out from the rows alone and without a line of the code under test."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.foundation import database

ANNOUNCED = timedelta(days=30)


@dataclass(frozen=True)
class Held:
    kind: str
    terms: dict[str, Any]
    source: UUID
    benefit: UUID
    from_at: datetime
    until_at: datetime | None

    def runs(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)

    def covers(self, variant: dict[str, Any]) -> bool:
        part = self.terms.get("covered") or {"kind": "everything"}
        own = {"product": [variant["product"]], "variant": [variant["id"]], "collection": variant["collections"]}
        return part["kind"] == "everything" or bool({str(one) for one in own[part["kind"]]} & set(part["ids"]))


@dataclass(frozen=True)
class Rows:
    """Everything that matters, read once."""

    products: dict[UUID, dict[str, Any]]
    variants: dict[UUID, list[dict[str, Any]]]
    articles: dict[UUID, dict[str, Any]]
    held: dict[UUID, list[Held]]


async def read() -> Rows:
    products = await database.fetch("SELECT id, status, public_from, members_only FROM product")
    variants = await database.fetch(
        """SELECT v.id, v.product, v.price, v.sale_price, v.sale_from, v.sale_until,
        ARRAY(SELECT c.collection FROM collection_product c WHERE c.product = v.product) AS collections
        FROM variant v ORDER BY v.position"""
    )
    held = await database.fetch(
        """SELECT e.person, b.kind, v.settings::text AS terms, m.source_id, e.benefit, e.from_at, e.until_at
        FROM entitlement e JOIN membership m ON m.id = e.membership JOIN benefit b ON b.id = e.benefit
        JOIN benefit_version v ON v.benefit = b.id"""
    )
    by_person: dict[UUID, list[Held]] = {}
    for row in held:
        terms, edges = json.loads(row["terms"]), (row["from_at"], row["until_at"])
        one = Held(row["kind"], terms, row["source_id"], row["benefit"], *edges)
        by_person.setdefault(row["person"], []).append(one)
    by_product: dict[UUID, list[dict[str, Any]]] = {}
    for row in variants:
        by_product.setdefault(row["product"], []).append(row)
    articles = await database.fetch("SELECT id, gate, drip_days, published_at FROM article")
    return Rows({one["id"]: one for one in products}, by_product, {one["id"]: one for one in articles}, by_person)


class Oracle:
    """What one person (None: nobody known) may have at one instant."""

    def __init__(self, rows: Rows, person_id: UUID | None, at: datetime) -> None:
        self.rows, self.at = rows, at
        self.all = rows.held.get(person_id, []) if person_id else []
        self.now = [one for one in self.all if one.runs(at)]

    def variant(self, variant: dict[str, Any]) -> tuple[bool, bool]:
        """Whether it may be shown, whether it may be bought."""
        product = self.rows.products[variant["product"]]
        if product["status"] != "active":
            return False, False
        mine = [one for one in self.now if one.covers(variant)]
        if product["public_from"] is not None:
            early = max((one.terms["hours"] for one in mine if one.kind == "early_access"), default=0)
            opens = product["public_from"] - timedelta(hours=early)
            if self.at < opens:
                return opens - ANNOUNCED <= self.at, False
        return True, not product["members_only"] or any(one.kind == "members_only" for one in mine)

    def is_shown(self, product_id: UUID) -> bool:
        return any(self.variant(one)[0] for one in self.rows.variants[product_id])

    def price(self, variant: dict[str, Any]) -> int:
        """The lowest of the price, a running sale and each member price by itself."""
        price = int(variant["price"])
        asked = [price]
        begun = variant["sale_from"] is None or variant["sale_from"] <= self.at
        over = variant["sale_until"] is not None and variant["sale_until"] <= self.at
        if variant["sale_price"] is not None and begun and not over:
            asked.append(variant["sale_price"])
        if self.rows.products[variant["product"]]["members_only"] and not self._opens(variant):
            return price - price // 5  # the only price there is: that of the plan that stands first, a fifth off
        for one in self.now:
            if one.kind == "member_price" and one.covers(variant):
                value = one.terms["value"]
                asked.append(
                    value if one.terms["discount_type"] == "explicit" else price - (price * value + 5_000) // 10_000
                )
        return min(asked)

    def _opens(self, variant: dict[str, Any]) -> bool:
        return any(one.kind == "members_only" and one.covers(variant) for one in self.now)

    def is_out(self, article_id: UUID) -> bool:
        out = self.rows.articles[article_id]["published_at"]
        return out is not None and out <= self.at

    def may_read(self, article_id: UUID) -> bool:
        article = self.rows.articles[article_id]
        if not self.is_out(article_id):
            return False
        if article["gate"] == "public":
            return True
        days = timedelta(days=article["drip_days"])
        return any(self._since(one) + days <= self.at for one in self.now if one.kind == "content")

    def _since(self, held: Held) -> datetime:
        """When she first held it through the same subscription, gift or comp."""
        same = (one for one in self.all if (one.benefit, one.source) == (held.benefit, held.source))
        return min(one.from_at for one in same)
