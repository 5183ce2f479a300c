"""What the tables of this component hold of a person: nothing. Choices are made when they are shown, and not kept."""

from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "sold_product",
        plain="product orders counted_at",
    ),
    DataTable(
        "product_pair",
        plain="id product other together buyers score",
    ),
    DataTable(
        "join_words",
        plain="id segment position changed_at",
        shops="title text",
    ),
)
