"""The audit trail is read in names, pounds and words; how it was written stays behind."""

from uuid import UUID

from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.support import make_plans, people
from tests.support.cells import every_cell
from tests.support.shops import Shop
from web.staff.system import audit_text
from web.staff.system.jobs import schedule_text

BOWL = UUID("00000000-0000-0000-0000-000000000001")


async def test_a_price_is_told_in_pounds_and_by_the_plans_name(shop: Shop) -> None:
    await make_plans.club(price=4500)
    iris = await people.owner()
    await plans.revise(plan_catalogue.by_slug("annual").id, price=5400, by=iris.id)
    page = await (await shop.signed_in("iris@kiln.test")).get("/staff/audit?subject=plan")
    assert "Plan price changed" in page.words and plan_catalogue.by_slug("annual").name in page.words
    assert "£45.00" in page.words and "→ £54.00" in page.words and "Raw record" in page.words


@every_cell(
    ("before", "after", "told"),
    [
        ({"amount": 3895}, None, ("amount", "£38.95", "")),
        ({"rate_bp": 2000}, {"rate_bp": 2050}, ("rate", "20%", "20.5%")),
        (
            {"discount_type": "percent", "value": 1000},
            {"discount_type": "percent", "value": 1500},
            ("value", "10%", "15%"),
        ),
        ({"is_taxable": True}, {"is_taxable": False}, ("taxable", "yes", "no")),
        (None, {"benefit": str(BOWL)}, ("benefit", "", "The bowl")),
        (None, {"settings": '{"threshold": 2500}'}, ("threshold", "", "£25.00")),
        (None, {"from": "2027-03-01T09:00:00+00:00"}, ("from", "", "Monday 1 March 2027 at 09:00")),
    ],
)
def test_fields_are_told_as_they_are_meant(before: object, after: object, told: tuple[str, str, str]) -> None:
    (found,) = audit_text.changes(before, after, {BOWL: "The bowl"})
    assert (found.name, found.before, found.after) == told


@every_cell(
    ("cron", "words"),
    [
        ("3,18,33,48 * * * *", "Every 15 minutes"),
        ("*/5 * * * *", "Every 5 minutes"),
        ("17 * * * *", "Every hour at 17 past"),
        ("0,10 * * * *", "0,10 * * * *"),
    ],
)
def test_the_timetable_is_said_as_a_person_would(cron: str, words: str) -> None:
    assert schedule_text(cron) == words
