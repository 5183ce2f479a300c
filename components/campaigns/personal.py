"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "campaign",
        plain=(
            "id segment holdout per_minute version created_at scheduled_at started_at ended_at granted_minute granted"
        ),
        codes="kind state",
        shops="name subject preheader body link tag trouble",
        staff="created_by",
    ),
    DataTable(
        "campaign_recipient",
        title=N_("Campaigns you were chosen for"),
        rows=(
            "FROM campaign_recipient WHERE person = :person OR contact IN "
            "(SELECT id FROM campaigns_contacts WHERE :email <> '' AND email = :email)"
        ),
        plain="id campaign contact is_holdout settled_at",
        codes="outcome",
        pointer="person",
    ),
)
