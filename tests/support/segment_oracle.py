"""Who fits rules, worked out in Python from the raw rows that were drawn, one customer at a time.

It knows what staff are told a rule means and uses nothing of the shop's own code.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.support.segment_people import BENEFITS, NOW, PLANS, PRODUCTS, SHELF, Row, World, edge

OWED = ("past_due", "unpaid")
RUNNING = ("trialing", "active", "past_due", "paused", "unpaid")
Rules = dict[str, Any]


def fitting(world: World, rules: Rules) -> set[UUID]:
    return {one["id"] for one in world["person"] if not one["erased_at"] and _group(world, one, rules)}


def _group(world: World, person: Row, rules: Rules) -> bool:
    answers = [
        _group(world, person, part) if "parts" in part else globals()[f"_{part['kind']}"](world, person, part)
        for part in rules["parts"]
    ]
    return {"all": all(answers), "any": any(answers), "none": not any(answers)}[rules["match"]]


def _of(world: World, table: str, person: Row, column: str = "person") -> list[Row]:
    return [one for one in world.get(table, []) if one[column] == person["id"]]


def _happened(at: datetime | None, days: int | None) -> bool:
    return at is not None and at <= NOW and (days is None or at >= edge(days))


def _holds(starts: datetime, ends: datetime | None) -> bool:
    return starts <= NOW and (ends is None or ends > NOW)


def _yes(rule: Rules, answer: bool) -> bool:
    return answer is (rule["is"] == "yes")


def _bought(world: World, person: Row, days: int | None) -> list[Row]:
    return [one for one in _of(world, "orders", person) if _happened(one["paid_at"], days)]


def _orders(world: World, person: Row, rule: Rules) -> bool:
    many = len(_bought(world, person, rule.get("days")))
    return many >= rule["number"] if rule["is"] == "at_least" else many <= rule["number"]


def _spent(world: World, person: Row, rule: Rules) -> bool:
    spent = 0
    for order in _bought(world, person, rule.get("days")):
        if order["currency"] == "GBP":
            spent += order["total"]
            for back in world.get("refund", []):
                if back["order"] == order["id"] and back["status"] != "failed" and back["at"] <= NOW:
                    spent -= back["amount"]
    enough = spent >= rule["amount"] or rule["amount"] == 0
    return enough if rule["is"] == "at_least" else not enough


def _last_order(world: World, person: Row, rule: Rules) -> bool:
    times = [one["paid_at"] for one in _bought(world, person, None)]
    return bool(times) and (max(times) >= edge(rule["days"])) is (rule["is"] == "within")


def _lines(world: World, person: Row, rule: Rules) -> set[UUID]:
    orders = {one["id"] for one in _bought(world, person, rule.get("days"))}
    return {one["product_id"] for one in world.get("order_line", []) if one["order"] in orders}


def _product(world: World, person: Row, rule: Rules) -> bool:
    return _yes(rule, UUID(rule["product"]) in _lines(world, person, rule))


def _collection(world: World, person: Row, rule: Rules) -> bool:
    inside = {PRODUCTS[1]} if rule["collection"] == str(SHELF) else set()
    return _yes(rule, bool(inside & _lines(world, person, rule)))


def _product_type(world: World, person: Row, rule: Rules) -> bool:
    of_type = {"mug": {PRODUCTS[0], PRODUCTS[2]}, "bowl": {PRODUCTS[1]}}.get(rule["type"], set())
    return _yes(rule, bool(of_type & _lines(world, person, rule)))


def _seen(world: World, person: Row, rule: Rules, kind: str, about: Callable[[str], bool]) -> bool:
    """Of whoever did not agree nothing is known: they fit neither."""
    seen = any(
        one["kind"] == kind and about(one["subject"]) and _happened(one["at"], rule.get("days"))
        for one in _of(world, "page_view", person)
    )
    return seen if rule["is"] == "yes" else not seen and bool(_of(world, "visit_consent", person))


def _viewed_product(world: World, person: Row, rule: Rules) -> bool:
    slugs = {str(product): f"p{place}" for place, product in enumerate(PRODUCTS)}
    return _seen(world, person, rule, "product", lambda subject: subject == slugs.get(rule["product"]))


def _viewed_collection(world: World, person: Row, rule: Rules) -> bool:
    return _seen(world, person, rule, "collection", lambda it: rule["collection"] == str(SHELF) and it == "shelf")


def _viewed_article(world: World, person: Row, rule: Rules) -> bool:
    return _seen(world, person, rule, "article", lambda subject: subject == rule["article"])


def _searched(world: World, person: Row, rule: Rules) -> bool:
    return _seen(world, person, rule, "search", lambda subject: subject[0] != "(" and rule["words"] in subject)


def _agreed(world: World, person: Row, rule: Rules) -> bool:
    kinds = {kind for one in world.get("mailing_contact", []) if one["email"] == person["email"]
             for kind in one["agreed"]}  # fmt: skip
    return _yes(rule, bool(kinds if rule["emails"] == "*" else kinds & {rule["emails"]}))


def _held(world: World, person: Row) -> list[Row]:
    return [one for one in _of(world, "membership", person, "holder") if _holds(one["starts_at"], one["ends_at"])]


def _plan(world: World, person: Row, rule: Rules) -> bool:
    held = _held(world, person)
    if rule["plan"] == "*":
        return _yes(rule, any(one["source"] != "free" for one in held))
    return _yes(rule, any(one["plan"] == PLANS.get(rule["plan"]) for one in held))


def _member_for(world: World, person: Row, rule: Rules) -> bool:
    sources = {one["source_id"] for one in _held(world, person) if one["source"] != "free"}
    starts = [one["starts_at"] for one in _of(world, "membership", person, "holder") if one["source_id"] in sources]
    return bool(starts) and (min(starts) <= edge(rule["days"])) is (rule["is"] == "at_least")


def _joined_by(world: World, person: Row, rule: Rules) -> bool:
    if rule["way"] == "trial":
        return _yes(rule, any(one["at"] <= NOW for one in _of(world, "trial", person)))
    held = _of(world, "membership", person, "holder")
    return _yes(rule, any(one["source"] == rule["way"] and one["starts_at"] <= NOW for one in held))


def _membership_state(world: World, person: Row, rule: Rules) -> bool:
    return _yes(rule, state(world, person) == rule["state"])


def state(world: World, person: Row) -> str:
    own = _of(world, "subscription", person, "payer")
    running = [one for one in own if one["status"] in RUNNING]
    if running:
        return _running_state(world, running[0])
    held = sorted(_held(world, person), key=lambda one: (one["source"] == "free", one["starts_at"], one["id"]))
    if held:
        source = held[0]["source"]
        named = {"comp": "complimentary", "free": "free", "gift": "gift", "seat": "seat", "earned": "earned"}
        return named.get(source) or ("fixed term" if held[0]["ends_at"] else "life")
    if _has_seat(world, person):
        return "seat on hold"
    refused = {one["subscription"] for one in world.get("refused_trial", [])}
    return "ended" if any(one["started_at"] and one["id"] not in refused for one in own) else "never"


def _running_state(world: World, found: Row) -> str:
    if found["status"] == "unpaid":
        return "unpaid"
    since = found["past_due_since"]
    if found["status"] == "past_due":
        in_grace = since is not None and since + timedelta(hours=14 * 24) > NOW
        return "past due in grace" if in_grace else "past due after grace"
    pauses = [one for one in world.get("pause", []) if one["subscription"] == found["id"] and not one["ended_at"]
              and one["arranged_at"] and one["paid_left"] is not None]  # fmt: skip
    rests = pauses[0] if pauses else None
    is_paused = rests["from_at"] <= NOW < rests["until_at"] if rests else found["status"] == "paused"
    if is_paused:
        return "cancelling while paused" if found["cancel_at"] else "paused"
    if found["cancel_at"]:
        return "cancelling"
    if found["status"] == "trialing":
        return "trial"
    return "pause planned" if rests and rests["from_at"] > NOW else "active"


def _has_seat(world: World, person: Row) -> bool:
    seats = [one for one in _of(world, "seat", person, "holder") if not one["ended_at"]]
    for seat in sorted(seats, key=lambda one: one["taken_at"], reverse=True)[:1]:
        shared = [one for one in world.get("membership", []) if one["source_id"] == seat["source_id"]]
        on = [one for one in shared if one["holder"] == seat["payer"]]
        if any(one["source"] in ("subscription", "term", "gift") and _holds(one["starts_at"], one["ends_at"])
               for one in on):  # fmt: skip
            return True
        return bool(shared) and any(
            one["id"] == seat["source_id"] and one["payer"] == seat["payer"] and one["status"] in RUNNING
            and (one["cancel_at"] is None or one["cancel_at"] > NOW)
            for one in world.get("subscription", [])
        )  # fmt: skip
    return False


def _benefit_used(world: World, person: Row, rule: Rules) -> bool:
    used = [(one["benefit"], one["at"]) for one in _of(world, "benefit_use", person)
            if one["benefit"] and not one["reference"].startswith("refund")]  # fmt: skip
    used += [(one["benefit"], one["claimed_at"]) for one in _of(world, "gift", person)]
    used += [(one["benefit"], one["claimed_at"]) for one in _of(world, "partner_code", person)]
    used += [(one["benefit"], one["at"]) for one in _of(world, "perk_use", person) if not one["undone_at"]]
    wanted = set(BENEFITS) if rule["benefit"] == "*" else {UUID(rule["benefit"])}
    return _yes(rule, any(benefit in wanted and _happened(at, rule.get("days")) for benefit, at in used))


def _store_credit(world: World, person: Row, rule: Rules) -> bool:
    lots = _of(world, "ledger_lot", person)
    credit = sum(one["remaining"] for one in lots if one["expires_at"] is None or one["expires_at"] > NOW)
    return credit >= rule["amount"] if rule["is"] == "at_least" else credit < rule["amount"]


def _at_risk(world: World, person: Row, rule: Rules) -> bool:
    kinds = {one["kind"] for one in _of(world, "member_at_risk", person)}
    held = {one["source_id"] for one in _of(world, "membership", person, "holder")
            if one["source"] == "subscription" and _holds(one["starts_at"], one["ends_at"])}  # fmt: skip
    if any(one["id"] in held and one["status"] in RUNNING and (one["cancel_at"] or one["status"] in OWED)
           for one in _of(world, "subscription", person, "payer")):  # fmt: skip
        kinds.add("ending")
    return _yes(rule, bool(kinds if rule["risk"] == "*" else kinds & {rule["risk"]}))


def _customer_for(world: World, person: Row, rule: Rules) -> bool:
    return (person["created_at"] <= edge(rule["days"])) is (rule["is"] == "at_least")


def _tag(world: World, person: Row, rule: Rules) -> bool:
    return _yes(rule, any(one["tag"] == rule["tag"] for one in _of(world, "customer_tag", person)))


def _country(world: World, person: Row, rule: Rules) -> bool:
    own = [one["country"] for one in _of(world, "address", person) if one["is_default"]]
    if own:
        return _yes(rule, own[0] == rule["country"])
    orders = sorted(_bought(world, person, None), key=lambda one: (one["paid_at"], one["id"]))
    return _yes(rule, bool(orders) and orders[-1]["address"]["country"] == rule["country"])


def _language(world: World, person: Row, rule: Rules) -> bool:
    return _yes(rule, (person["language"] or "en") == rule["language"])


def _account(world: World, person: Row, rule: Rules) -> bool:
    return _yes(rule, bool(person["email_confirmed_at"] or person["password_hash"]))


def _birthday(world: World, person: Row, rule: Rules) -> bool:
    month = 4 if rule["month"] == "now" else int(rule["month"])
    return _yes(rule, person["birthday"] is not None and person["birthday"].month == month)
