"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

DATA_TABLES = (
    DataTable(
        "column_choice",
        plain="id said_at",
        shops="source key columns",
    ),
    DataTable(
        "import_step",
        title=N_("Rows about you in files of customers"),
        rows="FROM import_step WHERE :email <> '' AND title = :email",
        plain="id run position line changed_rows product",
        codes="outcome",
        shops="fields variants",
        personal="title words",
        erased="product_files.runs.record_undo.forget_person",
        periods=(Period("7 days after the run", task="delete_old_imports"),),
    ),
    DataTable(
        "imported_file",
        plain="id ends_with_line_end brought_in_at",
        shops="name source header preamble line_end encoding separator columns",
        staff="by",
    ),
    DataTable(
        "imported_row",
        plain="id file position product variant",
        shops="key cells",
    ),
    DataTable(
        "product_import",
        plain="id lines done total as_drafts created_at heard_at",
        shops="name source encoding columns state why",
        staff="started_by",
        sealed="content",
        why="the uploaded file of a run, deleted as soon as nothing needs it",
        periods=(Period("7 days after the run", task="delete_old_imports"),),
    ),
    DataTable(
        "stored_report",
        plain="id key at",
        shops="name asked answer",
    ),
)
