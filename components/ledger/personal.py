"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "ledger_account",
        title=N_("Balances"),
        rows="FROM ledger_account WHERE person = :person",
        plain="id balance",
        codes="kind currency",
        pointer="person",
    ),
    DataTable(
        "ledger_entry",
        title=N_("Movements of credit, line by line"),
        rows="FROM ledger_entry WHERE account IN (SELECT id FROM ledger_account WHERE person = :person)",
        plain="id posting account lot amount",
    ),
    DataTable(
        "ledger_lot",
        title=N_("Store credit and cashback"),
        rows="FROM ledger_lot WHERE person = :person",
        plain="id benefit order_id amount pending remaining given_at due_at expires_at",
        codes="kind",
        pointer="person",
        personal="words",
        erased="ledger.credit.erase_person",
    ),
    DataTable(
        "ledger_posting",
        title=N_("Movements of credit"),
        rows="FROM ledger_posting WHERE person = :person",
        plain="id because_of at turn",
        codes="cause kind",
        pointer="person",
        personal="words",
        erased="ledger.credit.erase_person",
        why="accounting: sums, dates and numbers are kept, without a name",
    ),
)
