"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

DATA_TABLES = (
    DataTable(
        "attempt",
        plain="id basket order form_key at ended_at",
        shops="units ended_as",
        sealed="agreed",
        why="a digest of what was agreed to, to know the same again: nothing can be read from it",
    ),
    DataTable(
        "basket",
        title=N_("Baskets"),
        rows="FROM basket WHERE person = :person",
        plain="id coupon fee_coupon changed_at",
        pointer="person",
        erased="checkout.basket.baskets.erase_person",
        periods=(Period("60 days", task="delete_old_baskets"),),
    ),
    DataTable(
        "basket_line",
        title=N_("What is in your basket"),
        rows="FROM basket_line WHERE basket IN (SELECT id FROM basket WHERE person = :person)",
        plain="id basket variant quantity added_at",
        erased="checkout.basket.baskets.erase_person",
    ),
    DataTable(
        "basket_token",
        plain="basket since",
        sealed="digest",
        why="a digest; goes with its basket",
        periods=(Period("60 days", task="delete_old_baskets"),),
    ),
    DataTable(
        "closed_days",
        plain="id first_day last_day is_open made_at",
        shops="words",
    ),
    DataTable(
        "delivery_band",
        plain="id method at_least fee",
    ),
    DataTable(
        "delivery_method",
        plain="id fee heaviest free_from position transit_least transit_most ended_at",
        shops="name words basis pickup carrier_days",
    ),
    DataTable(
        "delivery_zone",
        plain="id is_rest made_at",
        shops="name",
    ),
    DataTable(
        "method_zone",
        plain="id method zone",
    ),
    DataTable(
        "tax_category",
        shops="slug name",
    ),
    DataTable(
        "tax_code",
        plain="set_at",
        shops="category code",
    ),
    DataTable(
        "tax_rate",
        plain="id rate_bp is_added from_at until_at made_at",
        shops="country region category name source",
    ),
    DataTable(
        "zone_place",
        plain="id zone",
        shops="country region",
    ),
)
