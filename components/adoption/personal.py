"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

DATA_TABLES = (
    DataTable(
        "adoption",
        plain="id done total created_at begun_at heard_at old_stopped tells asks",
        shops="source name state cursor why",
        staff="started_by begun_by undone_by",
        sealed="content",
        why="the uploaded file of a run, deleted as soon as the run is over, or old",
        periods=(Period("90 days after the run, mostly when it is over", task="delete_old_adoptions"),),
    ),
    DataTable(
        "adoption_plan",
        plain="id run amount interval_count plan version made_version is_settled",
        shops="key title price currency interval",
    ),
    DataTable(
        "adoption_row",
        title=N_("Rows about you in files of members"),
        rows="FROM adoption_row WHERE person = :person OR :email <> '' AND email = :email",
        plain="id run position line made_person local",
        codes="plan_key verdict notes outcome stripe_id customer holder_before",
        pointer="person",
        personal="key email name facts why",
        erased="adoption.adoption_erasure.forget_person",
        periods=(Period("90 days after the run", task="delete_old_adoptions"),),
    ),
)
