"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "fulfilment",
        title=N_("Parcels"),
        rows='FROM fulfilment WHERE "order" = ANY(:things)',
        plain="id order at collected_at",
        codes="carrier",
        staff="by collected_by",
        personal="tracking",
        erased="orders.erasure.erase_person",
    ),
    DataTable(
        "order_address_change",
        title=N_("Addresses that were changed"),
        rows='FROM order_address_change WHERE "order" = ANY(:things)',
        plain="id order at",
        staff="by",
        personal="before",
        erased="orders.erasure.erase_person",
    ),
    DataTable(
        "order_line",
        title=N_("What was in your orders"),
        rows='FROM order_line WHERE "order" = ANY(:things)',
        plain=(
            "id order position variant_id product_id quantity regular_unit unit unit_cost total tax tax_rate saved "
            "coupon rule_id gift"
        ),
        shops="taxes sku title variant_title slug picture tax_category trace",
    ),
    DataTable(
        "order_note",
        title=N_("What staff noted about your orders"),
        rows='FROM order_note WHERE "order" = ANY(:things)',
        plain="id order at",
        staff="by",
        personal="words",
        erased="orders.erasure.erase_person",
    ),
    DataTable(
        "order_tax",
        title=N_("Taxes of your orders"),
        rows='FROM order_tax WHERE "order" = ANY(:things)',
        plain="id order position rate_bp net counted amount of_fee rate",
        shops="name",
    ),
    DataTable(
        "orders",
        title=N_("Orders"),
        rows="FROM orders WHERE person = :person OR person IS NULL AND :email <> '' AND email = :email",
        leads_on=True,
        plain=(
            "id goods member_savings delivery_list delivery_saved delivery tax tax_rate tax_is_included "
            "delivery_tax total credit coupon joins joins_term joining_version joining_fee joining_trial_days "
            "joining_off joining_discount delivery_benefit placed_at return_days "
            "expires_at paid_at stock_taken_at cancelled_at fulfilled_at address_changed_at flagged_at"
        ),
        codes="number language currency delivery_method payment_reference",
        shops=(
            "flag tax_name tax_note seller_vat_number coupon_code joining_words joining_code delivery_words promise "
            "price_context_key"
        ),
        pointer="person",
        personal="email name vat_number address invoice_buyer",
        secret="token_digest",
        erased="orders.erasure.erase_person",
        why="accounting: sums, dates and numbers are kept, without a name",
    ),
    DataTable(
        "refund",
        title=N_("Refunds of orders"),
        rows='FROM refund WHERE "order" = ANY(:things)',
        leads_on=True,
        plain="id order amount credit restocks at settled_at",
        codes="currency status stripe_id",
        staff="by",
        personal="reason",
        erased="orders.erasure.erase_person",
    ),
    DataTable(
        "refund_line",
        title=N_("Refunds, line by line"),
        rows="FROM refund_line WHERE refund = ANY(:things)",
        plain="id refund line quantity amount",
    ),
)
