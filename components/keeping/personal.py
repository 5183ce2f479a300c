"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "kept_backup",
        plain=(
            "id is_encrypted begun_at ended_at size tried_at proven_at proof_seconds proven_rows inconsistent "
            "deleted_at"
        ),
        shops="name place failure proof_failure",
        staff="by",
    ),
    DataTable(
        "moved_shop",
        plain="is_moved at",
        shops="moved_to",
    ),
)
