"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "campaign",
        plain=(
            "id segment holdout per_minute version created_at scheduled_at started_at ended_at granted_minute granted "
            "fixed_after fixed_at"
        ),
        codes="kind state",
        shops="name subject preheader body link tag trouble rules came_of",
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
    DataTable(
        "journey",
        plain="id days segment holdout version created_at running_since lets_in ended_at",
        codes="entry kind state",
        shops="name tag trouble",
        staff="created_by",
    ),
    DataTable(
        "journey_step",
        plain="id journey position hours segment late_days removed_at",
        codes="kind condition",
        shops="subject preheader body link",
    ),
    DataTable(
        "journey_entry",
        title=N_("Series of e-mails you were in"),
        rows="FROM journey_entry WHERE person = :person",
        plain="id journey happened_at entered_at is_holdout step due_at settled_at",
        codes="occasion outcome",
        pointer="person",
    ),
    DataTable(
        "journey_send",
        title=N_("E-mails of such series that you had"),
        rows="FROM journey_send WHERE entry IN (SELECT id FROM journey_entry WHERE person = :person)",
        plain="id entry step contact at",
        codes="outcome",
    ),
)
