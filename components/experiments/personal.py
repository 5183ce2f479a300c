"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

_ARM = """FROM experiment e JOIN experiment_arm a ON a.experiment = e.id AND a.position = experiment_exposure.arm
  LEFT JOIN experiments_prices v ON v.id = coalesce(a.version, e.base_version)
  WHERE e.id = experiment_exposure.experiment"""

DATA_TABLES = (
    DataTable(
        "experiment",
        plain=(
            "id plan benefit segment days base spread least planned promise_days most_refunds most_cancels "
            "most_order_loss version created_at base_version started_at stopped_at stopped_by_itself seen_at "
            "decided_at chosen"
        ),
        codes="kind reason figure state",
        shops="name stopped_why",
        staff="created_by",
    ),
    DataTable(
        "experiment_arm",
        plain="id experiment position share price benefit version percent_bp payments every_months to_plan offer",
        codes="offer_kind",
        shops="name words",
    ),
    DataTable(
        "experiment_exposure",
        title=N_("Experiments you were part of"),
        rows="FROM experiment_exposure WHERE person = :person",
        told=(
            ("kind", f"SELECT e.kind {_ARM}"),
            ("plan", f"SELECT v.plan {_ARM}"),
            ("price", f"SELECT v.price {_ARM} AND e.kind = 'price'"),
            ("currency", f"SELECT v.currency {_ARM} AND e.kind = 'price'"),
            ("words", f"SELECT a.words {_ARM}"),
            ("benefit", f"SELECT v.benefit {_ARM}"),
        ),
        plain="id experiment arm first_at promised_until",
        pointer="person",
    ),
)
