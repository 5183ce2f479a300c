"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "checklist_decision",
        plain="id is_needed at",
        shops="item",
        staff="by",
    ),
    DataTable(
        "shop_setup",
        plain="id begun_at link_expires_at shop_at payments_at emails_at opened_at",
        staff="owner opened_by",
        sealed="link_digest",
        why="a digest of the link that opens a new shop",
    ),
)
