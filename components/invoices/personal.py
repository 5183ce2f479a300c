"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

DATA_TABLES = (
    DataTable(
        "invoice",
        title=N_("Invoices"),
        rows="FROM invoice WHERE person = :person",
        plain=(
            "id serial reference corrects replaces issued_at issued_on keep_until net tax total is_simplified "
            "forgotten_at"
        ),
        codes="kind series number cause subject about currency language",
        pointer="person",
        kept="buyer document printed",
        why="tax law: 6 to 10 years by country (keep_until), then the buyer goes",
        periods=(Period("keep_until: 6 to 10 years", task="forget_buyers"),),
    ),
    DataTable(
        "invoice_archive",
        plain="id month part asked_at ready_at invoices",
        shops="trouble",
        staff="by",
        sealed="content",
        why="the invoices of a month in one file, as the law has them kept; deleted after a day",
        periods=(Period("1 day", task="delete_old_archives"),),
    ),
    DataTable(
        "invoice_counter",
        plain="last",
        shops="series",
    ),
)
