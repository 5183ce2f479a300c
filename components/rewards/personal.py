"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "gift",
        title=N_("Gifts"),
        rows="FROM gift WHERE person = :person",
        plain="id benefit given_at claim_until chosen order_id claimed_at withdrawn_at",
        codes="cause",
        shops="words offered",
        pointer="person",
    ),
    DataTable(
        "partner_code",
        title=N_("Codes for partners"),
        rows="FROM partner_code WHERE person = :person",
        plain="id benefit position added_at claimed_at",
        pointer="person",
        shops="code",
    ),
    DataTable(
        "perk_use",
        title=N_("Perks you have used"),
        rows="FROM perk_use WHERE person = :person",
        plain="id benefit at undone_at",
        staff="by undone_by",
        pointer="person",
        personal="note",
        erased="rewards.reward_erasure.erase_person",
    ),
)
