"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "access_check",
        plain="id at asked",
        shops="troubles",
    ),
    DataTable(
        "checked_until",
        plain="key at",
        shops="checked_table",
    ),
    DataTable(
        "forecast",
        plain="id plan interval_count log_likelihood people fitted_at",
        codes="kind interval model",
        shops="parameters words outcome past",
    ),
    DataTable(
        "member_at_risk",
        title=N_("Whether you will probably order or use benefits again"),
        rows="FROM member_at_risk WHERE person = :person",
        plain="id chance times out_of usual_days last_at noted_at",
        codes="kind",
        pointer="person",
    ),
    DataTable(
        "movement",
        title=N_("What your membership is worth a month"),
        rows="FROM movement WHERE person = :person",
        plain="id turn amount balance at noted_at epoch",
        codes="kind because",
        pointer="person",
    ),
    DataTable(
        "movement_epoch",
        plain="number rules begun_at",
        shops="words",
    ),
    DataTable(
        "rule_draft",
        plain="id cost_share days created_at run done total heard_at ran_at publish_at published_at withdrawn_at",
        shops="name revision state outcome",
        staff="created_by published_by",
    ),
)
