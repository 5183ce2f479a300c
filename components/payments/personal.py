"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period
from components.payments.dispute_answers import dispute_data

DATA_TABLES = (
    *dispute_data.DATA_TABLES,
    DataTable(
        "billing_request",
        title=N_("Changes asked of Stripe"),
        rows="FROM billing_request WHERE subject = ANY(:things)",
        plain="id subject asked_at keyed_at tries is_awaited senders is_declined settled_at waited_at read_at",
        codes="kind key sent_key outcome",
        personal="params why",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "checkout_session",
        title=N_("Payment pages"),
        rows=(
            "FROM checkout_session WHERE person_id = :person OR :email <> '' AND email = :email OR reference_id = "
            "ANY(:things)"
        ),
        leads_on=True,
        plain=(
            "id reference_id along along_amount attempt amount charges_card created_at expires_at mirrored_at "
            "replaced_at completed_at paid_at failed_at expired_at"
        ),
        codes=(
            "purpose key fingerprint stripe_session_id status payment_status currency payment_intent "
            "subscription_ref payment_method"
        ),
        pointer="person_id",
        personal="email request url",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "inbox_event",
        title=N_("What Stripe has told us"),
        rows=(
            "FROM inbox_event WHERE object_id IN (SELECT stripe_session_id FROM checkout_session WHERE reference_id "
            "= ANY(:things) UNION ALL SELECT stripe_id FROM mirrored_invoice WHERE local_id = ANY(:things) UNION "
            "ALL SELECT stripe_id FROM mirrored_payment WHERE reference_id = ANY(:things))"
        ),
        plain="is_live happened_at received_at handled_at tries next_try_at parked_at",
        codes="id type object_kind object_id outcome",
        personal="payload why",
        erased="payments.payer_erasure.erase_payer",
        periods=(
            Period(
                "30 days after it was handled",
                sql="UPDATE inbox_event SET payload = '{}' WHERE handled_at < $1 AND payload::text <> '{}'",
                days=30,
            ),
        ),
    ),
    DataTable(
        "mirrored_invoice",
        title=N_("Membership payments"),
        rows="FROM mirrored_invoice WHERE local_id = ANY(:things)",
        plain=(
            "local_id amount_due amount_paid total discount store_credit unused tax period_start period_end "
            "attempts next_attempt_at created_at paid_at failed_at mirrored_at"
        ),
        codes="stripe_id subscription number reason status currency price coupon payment_intent",
        personal="receipt_url",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "mirrored_payment",
        title=N_("Payments"),
        rows=(
            "FROM mirrored_payment WHERE reference_id = ANY(:things) OR invoice IN (SELECT stripe_id FROM "
            "mirrored_invoice WHERE local_id = ANY(:things))"
        ),
        plain="reference_id amount received created_at mirrored_at",
        codes="stripe_id purpose invoice status currency payment_method failure_code",
        personal="failure",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "mirrored_refund",
        title=N_("Refunds at Stripe"),
        rows="FROM mirrored_refund WHERE reference_id = ANY(:things)",
        plain="reference_id key amount along along_amount created_at mirrored_at",
        codes="stripe_id payment_intent status currency",
        personal="failure",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "mirrored_subscription",
        title=N_("Subscriptions at Stripe"),
        rows="FROM mirrored_subscription WHERE local_id = ANY(:things)",
        plain=(
            "local_id amount current_period_start current_period_end trial_end cancel_at cancelled_at ended_at "
            "started_at next_amount next_asked_at pending_until mirrored_at"
        ),
        codes="stripe_id status price currency coupon payment_method latest_invoice",
        pointer="customer",
        personal="card_brand card_last4 card_expires",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "mismatch",
        title=N_("Payments of another amount"),
        rows="FROM mismatch WHERE reference_id = ANY(:things)",
        plain="id page_id reference_id agreed_amount paid_amount found_at settled_at",
        codes="agreed_currency paid_currency",
        staff="settled_by",
        personal="words",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "payment_reference",
        title=N_("Your number at Stripe"),
        rows="FROM payment_reference WHERE kind LIKE 'customer@%' AND local_id = :person",
        plain="id local_id since",
        codes="kind",
        pointer="stripe_id",
    ),
    DataTable(
        "reconcile_run",
        plain="id started_at finished_at events_until repaired",
        shops="kind trouble",
    ),
    DataTable(
        "refused_delivery",
        plain="id day times last_at",
        shops="reason",
    ),
    DataTable(
        "requested_refund",
        title=N_("Refunds asked of Stripe"),
        rows="FROM requested_refund WHERE reference_id = ANY(:things)",
        plain="key reference_id amount asked_at",
        codes="payment_intent currency stripe_id",
        personal="refused",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "saved_card",
        title=N_("Saved cards"),
        rows=(
            "FROM saved_card WHERE customer IN (SELECT stripe_id FROM payment_reference WHERE kind LIKE 'customer@%' "
            "AND local_id = :person)"
        ),
        plain="expires_month expires_year is_agreed saved_at removed_at",
        codes="payment_method",
        pointer="customer",
        personal="brand last4",
        erased="payments.customers.erase",
    ),
    DataTable(
        "stripe_difference",
        title=N_("What we and Stripe disagreed about"),
        rows="FROM stripe_difference WHERE about = ANY(:things)",
        plain="id first_seen_at last_seen_at repaired_at explained_at gone_at about",
        codes="rule subject",
        staff="repaired_by explained_by",
        personal="here there result words",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "stripe_key_alarm",
        plain="id since last_at ended_at",
        shops="key_fingerprint kind detail",
    ),
    DataTable(
        "tax_answer",
        plain="asked_at",
        codes="refused",
        shops="answer",
        sealed="digest",
        why="a digest of a basket and where it goes: nothing can be read from it",
        periods=(Period("2 days", sql="DELETE FROM tax_answer WHERE asked_at < $1", days=2),),
    ),
    DataTable(
        "tax_reversal",
        title=N_("Refunds reported for tax"),
        rows="FROM tax_reversal WHERE sale = ANY(:things)",
        plain="refund sale amount asked_at recorded_at entered_at restored_at",
        codes="transaction refused",
    ),
    DataTable(
        "tax_sale",
        title=N_("What tax your orders were charged"),
        rows="FROM tax_sale WHERE reference_id = ANY(:things)",
        plain="reference_id agreed_at recorded_at entered_at",
        codes="calculation transaction refused",
        shops="answer",
        sealed="digest",
        why="a digest of a basket and where it goes: nothing can be read from it",
    ),
    DataTable("tax_trouble", plain="since last_at", shops="subject mode detail"),
)
