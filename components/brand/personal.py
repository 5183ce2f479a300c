"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "brand_draft",
        plain="id at",
        shops="wanted",
        staff="person",
    ),
    DataTable(
        "brand_image",
        plain="id width height at",
        shops="digest png webp",
        staff="by",
    ),
)
