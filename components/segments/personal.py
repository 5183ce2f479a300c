"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "customer_tag",
        title=N_("Words the shop has noted about you"),
        rows="FROM customer_tag WHERE person = :person",
        plain="id at",
        pointer="person",
        personal="tag",
        staff="by",
        erased="segments.customer_tags.erase_person",
    ),
    DataTable(
        "segment",
        plain="id made_at changed_at archived_at",
        shops="name rules",
        staff="made_by",
    ),
)
