"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "old_customer",
        title=N_("From our earlier shop"),
        rows="FROM old_customer WHERE person = :person",
        plain="id run made_person consent_at imported_at",
        codes="consent",
        shops="file",
        pointer="person",
        personal="consent_words tags note leftover",
        erased="old_shop.customer_erasure.forget_person",
    ),
    DataTable(
        "old_order",
        title=N_("Orders at our earlier shop"),
        rows="FROM old_order WHERE :email <> '' AND email = :email",
        plain="id run placed_at goods discount delivery tax total refunded imported_at",
        codes="currency statuses",
        shops="file number lines",
        personal="email name address",
        erased="old_shop.customer_erasure.forget_person",
    ),
)
