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
        "engagement_score",
        title=N_("How engaged you are"),
        rows="FROM engagement_score WHERE person = :person",
        plain="score recency frequency benefits last_at days uses noted_at",
        pointer="person",
    ),
    DataTable("figure_cohort", plain="id cohort plan month people mrr joined opening", codes="every"),
    DataTable("figure_day", plain="id day plan number amount", codes="source kind"),
    DataTable("figure_day_change", plain="id at"),
    DataTable("figure_fee_day", plain="id day number amount tax", codes="country", shops="taxes"),
    DataTable("figure_month", plain="id month amount movements people members_left", codes="kind because"),
    DataTable(
        "figure_movement",
        plain="id place at amount balance month cohort is_left joined_plan",
        codes="kind because joined_every",
        pointer="person",
    ),
    DataTable("figure_payer_change", plain="id", pointer="person"),
    DataTable(
        "figure_plan_month",
        plain="id month plan amount movements people members_left plan_left every_left both_left",
        codes="every kind because turn",
    ),
    DataTable(
        "figure_plan_movement",
        plain="id at month plan amount people is_left is_plan_left is_every_left is_both_left",
        codes="every kind because turn",
        pointer="person",
    ),
    DataTable(
        "figure_renewal",
        plain="id subscription plan interval_count fee at is_renewed",
        codes="interval",
        pointer="person",
    ),
    DataTable("figure_payer_country", codes="country", pointer="person"),
    DataTable("figure_sold_day", plain="id day number amount", codes="country source kind"),
    DataTable("figure_standing", plain="a_month a_year since", pointer="person"),
    DataTable(
        "figure_state",
        plain="is_only rules paying mrr arr rebuilt_at",
        shops="zone",
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
        "suggestion",
        plain="id evidence marked people amount since until first_found_at found_at gone_at snoozed_until",
        codes="kind currency state",
        shops="subject name detail",
    ),
    DataTable(
        "suggestion_decision",
        plain="id suggestion until at",
        codes="state",
        shops="reason",
        staff="by",
    ),
    DataTable(
        "suggestion_look",
        plain="at subjects found most",
        codes="kind trouble",
    ),
    DataTable(
        "suggestion_row",
        plain="id suggestion number at times amount other",
        codes="reference",
        shops="what",
        pointer="person",
    ),
    DataTable(
        "rule_draft",
        plain="id cost_share days created_at run done total heard_at ran_at publish_at published_at withdrawn_at",
        shops="name revision state outcome",
        staff="created_by published_by",
    ),
)
