"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "collection",
        plain="id position is_listed is_ruled rule_least rule_most",
        shops="slug title description sort rule_tags rule_kinds rule_vendors",
    ),
    DataTable(
        "collection_product",
        plain="id collection product position",
    ),
    DataTable(
        "early_count",
        title=N_("Bought early, by product"),
        rows="FROM early_count WHERE person = :person",
        plain="id product units",
        pointer="person",
        erased="catalog.early_access.purchases.forget_person",
    ),
    DataTable(
        "early_units",
        title=N_("Bought early"),
        rows="FROM early_units WHERE person = :person",
        plain="id variant product because_of quantity returned bought refunded most at",
        pointer="person",
    ),
    DataTable(
        "picture",
        plain="id product variant position width height source",
        shops="path alt",
        staff="brought_by",
    ),
    DataTable(
        "picture_fetch",
        plain="id tries wanted_at next_at width height",
        shops="key address host state why path",
    ),
    DataTable(
        "price_record",
        plain="id variant at price sale_price sale_from sale_until",
    ),
    DataTable(
        "product",
        plain="id public_from members_only position created_at changed_at",
        shops="slug title description vendor kind tags option_names status",
    ),
    DataTable(
        "reservation",
        plain="id variant quantity counted because_of until ended_at",
        shops="ended_as",
    ),
    DataTable(
        "sale_price",
        plain="id scope_ids value from_at until_at made_at withdrawn_at stopped_at planned_until",
        shops="name scope_kind discount_type",
    ),
    DataTable(
        "stock_movement",
        plain="id variant change because_of at",
        shops="kind",
        staff="by",
    ),
    DataTable(
        "variant",
        plain=(
            "id product shares_sku price cost compare_at sale_price sale_from sale_until position weight_grams "
            "is_taxable needs_delivery tracks_stock sells_when_out on_hand reserved early_allotment early_taken "
            "withdrawn_at"
        ),
        shops="sku title options barcode tax_category",
    ),
)
