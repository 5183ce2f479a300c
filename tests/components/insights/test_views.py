"""What insights reads of others: the views that their owners declare, with these columns and no others."""

import pytest

from components.foundation import database
from components.insights.todo import todo
from tests.support.cells import every_cell

pytestmark = pytest.mark.usefixtures("db")

VIEWS = {
    "current_movements": "person turn kind amount balance because at noted_at",
    "campaigns_benefit_uses": "person regular paid currency at reference",
    "campaigns_cancellations": "person at withdrawn_at over_at",
    "campaigns_consent_changes": "contact kind state at how",
    "campaigns_contacts": "id email agreed unreachable_at unreachable_why",
    "campaigns_emails": "key sent_at failed_at",
    "campaigns_memberships": "holder source starts_at ends_at id source_id",
    "campaigns_orders": "id person email placed_at total currency paid_at",
    "campaigns_people": "id email erased_at birthday",
    "campaigns_reward_uses": "person at",
    "campaigns_seats": "id holder source_id ended_at",
    "campaigns_subscriptions": (
        "id payer status current_period_start current_period_end past_due_since cancel_at ended_at"
    ),
    "experiments_cancels": "person at subscription withdrawn_at",
    "experiments_fee_refunds": "person at",
    "experiments_fees": "person amount currency paid_at",
    "experiments_joins": "person starts_at",
    "experiments_offers_seen": "person at",
    "experiments_orders": "person total currency paid_at credit",
    "experiments_prices": "id plan price currency benefit is_on_offer",
    "experiments_refunds": "person at",
    "experiments_subscriptions": "id payer plan_version started_at ended_at cancel_at is_running",
    "insights_api_keys": "id name",
    "insights_articles": "id slug title teaser body gate drip_days published_at changed_at",
    "insights_audit_entries": "actor what subject subject_id at",
    "insights_tax_sales": "reference_id calculation tax refused entered_at",
    "insights_tax_reversals": "refund sale amount refused is_recorded entered_at restored_at",
    "insights_billing_requests": "id asked_at settled_at",
    "insights_benefit_uses": "person benefit order_id kind regular paid currency at reference",
    "insights_benefit_versions": "benefit settings from_at until_at",
    "insights_benefits": "id kind name",
    "insights_checkout_sessions": "id purpose reference_id along along_amount amount currency status paid_at",
    "insights_collection_products": "collection product",
    "insights_collections": "id title slug",
    "insights_coupon_uses": "coupon order_id state",
    "insights_coupons": "id code used from_at until_at withdrawn_at for_fees",
    "insights_cancel_attempts": "id subscription person reason words by_staff at",
    "insights_credit_lots": """id person benefit given_at kind order_id words amount pending remaining due_at
        expires_at""",
    "insights_delivery_methods": "id name",
    "insights_differences": "id gone_at explained_at",
    "insights_disputes": """stripe_id status answer_by reviewed_at reference_id amount currency lost_at invoice along
        along_amount""",
    "insights_email_text_troubles": "kind language number words at",
    "insights_cancellation_notices": "id at settled_at",
    "insights_withdrawals": "id at settled_at",
    "insights_emails": "id key template created_at sent_at failed_at",
    "insights_experiments": "id name state stopped_at stopped_by_itself seen_at",
    "insights_facts": "id name body announced_at",
    "insights_paid_once_refunds": (
        "id reference is_gift plan amount currency status at stripe_id is_undecided goes_on_until"
    ),
    "insights_fee_discounts": "id subscription payments",
    "insights_fee_refunds": "id subscription invoice amount currency status at stripe_id is_undecided",
    "insights_erasure_wishes": "id erasure_wanted_at",
    "insights_fraud_warnings": "stripe_id is_actionable decided_at reference_id",
    "insights_fulfilments": "id order_id at by",
    "insights_gifts": "id person benefit given_at chosen order_id claimed_at withdrawn_at",
    "insights_issued_invoices": "cause number",
    "insights_invoices": """stripe_id local_id reason status total amount_paid period_start period_end number
        payment_intent store_credit coupon currency created_at paid_at failed_at""",
    "insights_jobs": "id task_name args status",
    "insights_ledger_balances": "id person kind currency balance",
    "insights_ledger_entries": "posting lot account_kind amount currency account",
    "insights_ledger_postings": "id kind person because_of at words turn",
    "insights_membership_gifts": "id buyer plan price currency paid_at refunded_at redeemed_at voided_at expires_at",
    "insights_memberships": "id holder plan source source_id starts_at ends_at",
    "insights_order_lines": """id order_id position variant_id product_id title quantity regular_unit unit_cost total
        saved coupon gift trace tax tax_rate""",
    "insights_order_notes": "id order_id by",
    "insights_order_tax": "id paid_at total credit tax",
    "insights_order_taxes": "id order_id number placed_at name rate_bp net amount rate of_fee counted",
    "insights_tax_rates": "id country region category rate_bp from_at until_at made_at",
    "insights_orders": """id number person name currency goods delivery_list delivery_saved delivery_method
        delivery_benefit tax_rate tax_is_included total credit payment_reference placed_at paid_at
        stock_taken_at cancelled_at fulfilled_at flagged_at has_email coupon country joined_with""",
    "insights_page_views": "id at day visitor person kind subject is_member",
    "insights_view_counts": "id day kind subject is_member times empty_times",
    "insights_paid_periods": """subscription invoice starts_at ends_at amount currency paid_at plan_version net_amount
        net_price is_partial id is_opening tax_country taxes tax_name tax_rate_bp""",
    "insights_paid_once": """id is_gift payer plan price net_amount currency paid_at tax_country taxes tax_name
        tax_rate_bp""",
    "insights_paid_terms": "id payer plan price currency paid_at",
    "insights_partner_codes": "benefit person claimed_at",
    "insights_pauses": "subscription begun_at ended_at",
    "insights_payment_events": "id type received_at handled_at parked_at",
    "insights_mirrored_subscriptions": "stripe_id local_id status started_at current_period_end",
    "insights_mirrored_refunds": "stripe_id reference_id key status amount currency along along_amount",
    "insights_payment_mismatches": "id found_at settled_at",
    "insights_payments": "stripe_id reference_id purpose status received currency",
    "insights_people": "id name email created_at erased_at personal_off_at",
    "insights_perk_uses": "benefit person at undone_at",
    "insights_picture_fetches": "id state wanted_at",
    "insights_plan_benefits": "plan benefit from_at until_at",
    "insights_plan_changes": "subscription to_version is_now due_at applied_at dropped_at",
    "insights_plan_versions": "id plan price currency interval interval_count is_once from_at until_at net_of",
    "insights_plans": "id slug name position",
    "insights_price_moves": "subscription to_version renews_at moved_at stopped_at",
    "insights_products": "id slug title status public_from members_only changed_at",
    "insights_refused_deliveries": "reason times last_at",
    "insights_refund_lines": "refund line quantity amount",
    "insights_refunds": "id order_id amount credit currency status at settled_at stripe_id by",
    "insights_renewal_credits": "id subscription person invoice amount currency status",
    "insights_requested_refunds": "key asked_at",
    "insights_reservations": "variant quantity counted because_of until ended_at ended_as",
    "insights_sales": "id name",
    "insights_save_offers": "id subscription person accepted_at",
    "insights_stock_movements": "variant change kind because_of at",
    "insights_subscriptions": """id payer status created_at started_at cancel_at cancel_reason ended_at past_due_since
        plan_version plan price currency interval interval_count current_period_end unmoved""",
    "insights_trials": "person subscription at",
    "insights_variants": """id product title options position on_hand reserved tracks_stock sells_when_out
        withdrawn_at""",
    "memberships_people": "id name email erased_at",
    "recommendations_order_lines": "order_id person paid_at product_id title email",
    "recommendations_people": "id email personal_off_at erased_at",
    "recommendations_products": "id",
    "recommendations_views": "person at kind slug asked",
    "segments_addresses": "person country",
    "segments_benefit_uses": "person benefit at",
    "segments_collections": "id slug",
    "segments_contacts": "email agreed",
    "segments_page_views": "person at kind subject",
    "segments_visitors": "person",
    "segments_collection_products": "collection product",
    "segments_credit_lots": "person remaining expires_at",
    "segments_members_at_risk": "person kind",
    "segments_memberships": "id holder plan slug source source_id starts_at ends_at",
    "segments_order_lines": "person paid_at product_id",
    "segments_orders": "id person total currency paid_at country",
    "segments_people": "id name email language birthday created_at erased_at has_signed_in",
    "segments_products": "id title kind slug",
    "segments_refunds": "person paid_at amount currency at",
    "segments_reward_uses": "person benefit at",
    "segments_seats": "holder payer source_id taken_at",
    "segments_subscriptions": "id payer status started_at past_due_since cancel_at rests_from rests_until was_refused",
    "segments_trials": "person at",
}


@every_cell("view", VIEWS)
async def test_a_view_has_these_columns(view: str) -> None:
    assert await database.fetch(f"SELECT {', '.join(VIEWS[view].split())} FROM {view}") == []
    sql = "SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position"
    assert await database.fetch_values(sql, view) == VIEWS[view].split()


async def test_no_view_is_left_out() -> None:
    sql = "SELECT viewname::text FROM pg_views WHERE schemaname = 'public' ORDER BY 1"
    assert await database.fetch_values(sql) == sorted(VIEWS)


MANY = 5000
HELD = "holder = $1 AND holds(starts_at, ends_at, now())"
FILLS: dict[str, dict[str, str]] = {
    "membership": {"ends_at": "now() - n * interval '1 hour'", "source": "'comp'"},
    "orders": {
        "paid_at": "now() - n * interval '1 hour'",
        "stock_taken_at": "now() - n * interval '1 hour'",
        "fulfilled_at": "CASE WHEN n > 20 THEN now() END",
    },
    "refund": {"status": "'succeeded'", "amount": "n"},
    "order_line": {"quantity": "1"},
    "subscription": {"status": "'active'"},
    "ledger_entry": {"amount": "n"},
}
"""How rows of a shop with a past differ from those that `filled` makes up."""


async def filled(table: str) -> None:
    """Many rows that differ in every column that may not be empty, and statistics that know it."""
    columns = await database.fetch(
        """SELECT attname::text AS name, format_type(atttypid, NULL) AS type, nullif(atttypmod, -1) - 4 AS length
        FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull""",
        table,
    )
    made = {
        "uuid": "md5(n || '{name}')::uuid", "timestamp with time zone": "now() - n * interval '1 hour'",
        "integer": "0", "bigint": "0", "smallint": "0", "boolean": "false", "jsonb": "'{{}}'", "json": "'{{}}'",
        "character varying": "left('{name}' || n, {length})", "text": "'{name}' || n", "date": "current_date - n",
        "numeric": "n",
    }  # fmt: skip
    values = {one["name"]: made.get(one["type"], "'{{}}'").format(**one) for one in columns} | FILLS[table]
    names = ", ".join(f'"{name}"' for name in values)
    await database.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} FROM generate_series(1, {MANY}) n"
    )
    await database.execute(f"ANALYZE {table}")


@pytest.mark.parametrize(
    ("table", "index", "condition"),
    [
        (
            "membership",
            "membership_holder",
            "insights_memberships WHERE holder = $1 AND holds(starts_at, ends_at, now())",
        ),
        ("orders", "orders_sold", "insights_orders WHERE paid_at > now() - interval '2 days' AND id <> $1"),
        ("orders", "orders_to_ship", f"insights_orders WHERE {todo.IS_TO_SHIP} AND id <> $1"),
        ("refund", "refund_by_order", "insights_refunds WHERE order_id = $1"),
        ("order_line", "order_line_by_order", "insights_order_lines WHERE order_id = $1"),
        ("subscription", "subscription_payer", "insights_subscriptions WHERE payer = $1"),
        ("ledger_entry", "ledger_entry_posting", "insights_ledger_entries WHERE posting = $1"),
    ],
)
async def test_a_view_uses_the_index_meant_for_it(table: str, index: str, condition: str) -> None:
    """With as many rows as make it worth it, the planner takes this index by itself and reads no table from its top."""
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await filled(table)
        plan = await database.fetch_values(f"EXPLAIN SELECT 1 FROM {condition}", "00000000-0000-0000-0000-000000000000")
        said = "\n".join(plan)
        assert index in said, said
        assert f"Seq Scan on {table}" not in said and "Subquery Scan" not in said, said
