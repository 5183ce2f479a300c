"""No table without an invariant or a reason, no invariant without damage that it finds, and the document says so."""

from pathlib import Path

import pytest

from components.foundation import database
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, References
from components.foundation.database import schema
from components.insights import invariants
from components.insights.movements import movement_invariants
from components.insights.rollups import kept_invariants
from tests.components.insights.corruptions import CORRUPTIONS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "invariants.md").read_text()
WITHOUT = {
    "access_check": "what the access monitor saw at an instant: nothing else follows from it",
    "billing_request": "a question to Stripe; what came of it is in the mirror, which is compared",
    "campaign": "what staff write, and a state that the database holds; whom it goes to is written down once",
    "campaign_recipient": "one row each by the database; that nobody is written to twice is held by the e-mail's key",
    "journey": "what staff write, and a state that the database holds",
    "journey_step": "what staff write, checked by the database",
    "journey_entry": "once for each occasion by the database, which holds that everybody is somewhere",
    "journey_send": "once for each step and entry by the database; the e-mail's key holds the same",
    "plan_variant": "of its plan, by the database; that its members hold it is checked of each membership",
    "experiment": "what staff write, and states that the database holds; a price of it is a version, which is checked",
    "experiment_arm": "what an arm says, fixed once it runs; its price is a version of the plan, which is checked",
    "experiment_exposure": "one row each, never changed, by the database; what was agreed is on the subscription",
    "mailing_rules": "one row within bounds, by the database",
    "brand_draft": "looks that are only tried: nothing follows from them until they are saved, and checked",
    "brand_image": "bytes under a name made from them, never changed; the database holds their bounds",
    "checklist_decision": "what somebody said a new shop does not need; nothing follows from it but a line of a list",
    "cancel_attempt": "what somebody asked for, and said; what became of their membership is checked where it is",
    "checked_until": "how far checks have come; a wrong one is made good by the sample and by --full",
    "closed_days": "days that the shop says; an order keeps what it was promised",
    "column_choice": "how staff read the columns of a file; the next one is checked before anything is imported",
    "content_picture": "a name made from the bytes, and words to pick it with; texts keep their own",
    "visit_refusal": "a no of one browser or person, once, by the database; nothing follows but what is not written",
    "customer_tag": "a word on a customer, once; nothing follows from it but which segments they fit",
    "deleted_thing": "rows as they were, for a month; bringing them back asks the database, which checks them",
    "dispute_answer": "what was sent to Stripe; the database holds that it is one for each time a bank asks",
    "dispute_file": "what staff gave for a bank; the database holds that there is one for each of its fields",
    "dispute_draft": "what staff wrote, numbered by the database; nothing follows from it until it is sent",
    "early_start": "an answer with the words that were read; rows are only added, and nothing is refunded by itself",
    "delivery_method": "offered as it is; what was agreed is on the order",
    "delivery_zone": "a name; what must not be (two zones for a place) the database refuses",
    "fee_notice": "what an upgrade told the owner once; nothing follows from it",
    "suggestion": "what statements say of rows that are checked; written anew each night",
    "suggestion_decision": "what staff said; only ever added",
    "suggestion_look": "how a job ended; written anew each night",
    "suggestion_row": "what statements found when they were looked for; written anew each night",
    "forecast": "what models say of rows that are checked; written anew each night",
    "home_section": "what the home page shows; nothing follows from it",
    "imported_file": "a file as it was written; its rows are checked",
    "inbox_event": "raw deliveries; what they lead to is in the mirror",
    "kept_backup": "what came of a backup; the store says what is there, and each proof whether it is any good",
    "engagement_score": "how engaged members were, worked out anew each night; nothing follows from it",
    "member_at_risk": "who may leave by a model, written anew each night; nothing follows from it",
    "menu_item": "a link that is shown",
    "moved_shop": "that the shop was packed; the database holds that there is one row at most",
    "figure_day_change": "a queue: what is lost of it shows where people and days drawn by chance are compared",
    "figure_buyer_change": "a queue: what is lost of it shows where people and days drawn by chance are compared",
    "figure_payer_change": "a queue: what is lost of it shows where people and days drawn by chance are compared",
    "movement_epoch": "a note of a rebuild; the movements of each epoch are checked",
    "page_agreement": "what was shown and agreed to, copied; it never changes",
    "parked_job": "for staff to read; the job itself is in the queue",
    "payment_reference": "a name at Stripe; one that is wrong is found by comparing with Stripe",
    "plan": "a name and a text; its versions and benefits are checked",
    "benefit": "a name; its versions are checked",
    "product_import": "how far a file has come; its steps name it, and what it brought in is checked itself",
    "old_order": "what a file of another shop told, within bounds; nothing of this shop follows from it",
    "product": "a text; its variants are checked",
    "rate_limit_window": "forgotten after minutes",
    "adoption": "a run and what staff said of it; its states are held by the database, its rows are checked",
    "withdrawal": "what somebody typed: its own constraint holds it, and nothing follows from it by itself",
    "cancellation_notice": "what somebody typed: its own constraint holds it, and nothing follows from it by itself",
    "reconcile_run": "a note of what ran",
    "refused_delivery": "a count of what was refused",
    "rule_draft": "a scenario; nothing follows from it until it is published, as versions that are checked",
    "sale_price": "offered as it is; what was charged is on the order line",
    "saved_card": "what Stripe shows of a card; compared with Stripe each night",
    "security_event": "what was tried, by strangers too; forgotten after 90 days",
    "sold_product": "counted anew each night from orders, which are checked; the database holds its bounds",
    "product_pair": "counted anew each night from orders, which are checked; the database holds its bounds",
    "join_words": "words of staff for a segment, once, by the database; nothing follows from them",
    "segment": "rules that are checked whenever they are read; who fits them is asked anew each time",
    "shop_setup": "how far a new shop has come; the database holds that there is one at most",
    "shop_setting": "a value checked when it is written; the latest row of a name is what holds",
    "stripe_difference": "what a comparison found",
    "stripe_key_alarm": "a note of what Stripe refused",
    "tax_answer": "what Stripe said lately, forgotten within days; an order keeps its own, which is compared",
    "tax_trouble": "what the shop has to mend before Stripe Tax answers; gone with the next answer",
    "tax_code": "a name at Stripe, of a form that the database holds; what was agreed is on the order",
    "tax_category": "a name; what was agreed is on the order line",
}
RULES = [rule for rules in invariants.parts().values() for rule in rules]
FIGURES = {"each month adds up to what was paid", "each person pays what their movements say",
           "a movement is dated by what happened", kept_invariants.KEPT}  # fmt: skip
CHECKED = {one.table for one in CORRUPTIONS} | {rule.table for rule in RULES if isinstance(rule, References)}


def test_every_table_has_an_invariant_or_a_reason() -> None:
    tables = {table._meta.tablename for table in schema.tables()}
    assert sorted(tables - CHECKED - WITHOUT.keys()) == [], "say what must hold of it, or why nothing must"
    assert sorted(WITHOUT.keys() & CHECKED) == [] and sorted(WITHOUT.keys() - tables) == []


def test_every_invariant_is_shown_to_find_something() -> None:
    names = [rule.name for rule in RULES if isinstance(rule, Invariant)]
    assert len(set(names)) == len(names)
    assert sorted({*names, *FIGURES} - {one.rule for one in CORRUPTIONS}) == []
    references = {rule.name_of(column) for rule in RULES if isinstance(rule, References) for column, _ in rule.columns}
    named = {name for one in CORRUPTIONS for name in (one.rule, *one.also)}
    assert sorted(named - {*names, *FIGURES} - references) == []


def test_the_document_has_every_kind_of_damage_and_every_reason() -> None:
    rows = [f"| `{one.table}`: {one.words} | {one.rule} |" for one in CORRUPTIONS]
    rows += [f"| `{table}` | {why} |" for table, why in WITHOUT.items()]
    assert [row for row in rows if row not in DOCUMENT] == []


_DUMMY = {"uuid": "gen_random_uuid()", "timestamp with time zone": "now()", "boolean": "false", "json": "'{}'",
          "jsonb": "'{}'", "bytea": "'x'::bytea", "date": "now()", "ARRAY": "'{}'"}  # fmt: skip
_COLUMNS = """SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
  AND table_name = $1"""


class _Undone(Exception):
    pass


@pytest.mark.usefixtures("db")
async def test_a_row_that_names_what_is_not_there_is_found_in_every_table() -> None:
    """A row of nonsense in each table: every column that names something names nothing."""
    wrong = []
    for rule in (one for one in RULES if isinstance(one, References)):
        try:
            async with database.transaction():
                await database.execute("SET LOCAL session_replication_role = replica")
                await _nonsense(rule.table)
                told = {one.rule for one in await invariant_walks.broken([rule])}
                wrong += sorted({rule.name_of(column) for column, _ in rule.columns} ^ told)
                raise _Undone
        except _Undone:
            pass
    assert wrong == []


async def _nonsense(table: str) -> None:
    checks = await database.fetch_values(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = $1::text::regclass", table
    )
    for name in checks:
        await database.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    columns = await database.fetch_rows(_COLUMNS, table)
    values = [_DUMMY.get(kind, "'1'" if kind in ("text", "character varying") else "1") for _, kind in columns]
    names = ", ".join(f'"{name}"' for name, _ in columns)
    await database.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(values)})")


def test_the_figures_are_named_as_they_are_told() -> None:
    source = "".join(Path(module.__file__).read_text() for module in (movement_invariants, kept_invariants))
    assert all(f'"{name}"' in source for name in FIGURES)
