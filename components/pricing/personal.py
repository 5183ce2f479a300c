"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "coupon",
        plain=(
            "id value scope_ids minimum stacks from_at until_at limit_total limit_each first_order_only used "
            "made_at withdrawn_at for_fees fee_payments segment"
        ),
        shops="code words discount_type scope_kind plans fee_plans",
    ),
    DataTable(
        "coupon_use",
        title=N_("Coupons you have used"),
        rows="FROM coupon_use WHERE person = :person OR person IS NULL AND :email <> '' AND email = :email",
        plain="id coupon order_id fee at changed_at",
        codes="state",
        pointer="person",
        personal="email",
        erased="pricing.coupons.redemptions.erase_person",
    ),
)
