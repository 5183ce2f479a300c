"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

DATA_TABLES = (
    DataTable(
        "announced_fact",
        plain="id announced_at",
        codes="name",
        shops="body",
        why="ids only; of an erasure the digest of the e-mail, so that an old file does not bring somebody back",
    ),
    DataTable(
        "audit_entry",
        title=N_("What staff did about you"),
        rows="FROM audit_entry WHERE subject_id = :person::text OR actor = :person",
        plain="id at",
        codes="what subject subject_id",
        shops="before after",
        pointer="actor",
        why="evidence: which act of staff was whose. Ids only; what staff wrote about somebody is never in it",
    ),
    DataTable(
        "audit_witness",
        plain="id",
        sealed="digest",
        why="a digest that shows that no entry was changed",
    ),
    DataTable(
        "deleted_thing",
        plain="id deleted_at restored_at",
        shops="kind name path parts",
        staff="deleted_by",
        periods=(Period("a month", task="forget_deletions"),),
    ),
    DataTable(
        "parked_job",
        plain="id parked_at is_settled",
        codes="job_id task",
        shops="args",
        personal="why",
        erased="foundation.personal_data.data_retention.drop_what_is_over",
        periods=(
            Period(
                "30 days after it was settled",
                sql="DELETE FROM parked_job WHERE is_settled AND parked_at < $1",
                days=30,
            ),
        ),
    ),
    DataTable(
        "procrastinate_events",
        plain="id job_id type at",
    ),
    DataTable(
        "procrastinate_jobs",
        plain="id priority scheduled_at attempts abort_requested worker_id",
        codes="queue_name task_name lock queueing_lock status",
        shops="args",
    ),
    DataTable(
        "procrastinate_periodic_defers",
        plain="id defer_timestamp job_id",
        shops="task_name periodic_id",
    ),
    DataTable(
        "procrastinate_workers",
        plain="id last_heartbeat",
    ),
    DataTable(
        "security_event",
        title=N_("Security events"),
        rows="FROM security_event WHERE person = :person OR :email <> '' AND email = :email",
        plain="id minute at times",
        codes="kind",
        pointer="person",
        personal="email address request_id detail",
        erased="foundation.operations.security_events.forget",
        periods=(Period("90 days", task="delete_old_security_events"),),
    ),
    DataTable(
        "shop_setting",
        plain="id at",
        shops="name value",
        staff="by",
    ),
)
