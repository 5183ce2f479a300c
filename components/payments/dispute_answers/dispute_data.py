"""What the tables of disputes, evidence and fraud warnings hold of a person, for the component's `personal.py`."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

_DISPUTED = "dispute IN (SELECT stripe_id FROM mirrored_dispute WHERE reference_id = ANY(:things))"

DATA_TABLES = (
    DataTable(
        "dispute_answer",
        title=N_("Answers to your bank"),
        rows=f"FROM dispute_answer WHERE {_DISPUTED}",
        plain="id turn draft asked_at settled_at",
        codes="dispute kind outcome",
        shops="files",
        staff="asked_by",
        personal="why",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "dispute_draft",
        title=N_("Evidence written for your bank"),
        rows=f"FROM dispute_draft WHERE {_DISPUTED}",
        plain="id number saved_at",
        codes="dispute",
        staff="saved_by",
        personal="fields",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "dispute_file",
        title=N_("Files for your bank"),
        rows=f"FROM dispute_file WHERE {_DISPUTED}",
        plain="id size added_at removed_at",
        codes="dispute field media stripe_id",
        staff="added_by",
        personal="name",
        secret="content",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "mirrored_dispute",
        title=N_("Disputes"),
        rows="FROM mirrored_dispute WHERE reference_id = ANY(:things)",
        plain="reference_id amount answer_by submissions created_at mirrored_at lost_at reviewed_at",
        codes="stripe_id payment_intent status reason currency",
        staff="reviewed_by",
        personal="words",
        erased="payments.payer_erasure.erase_payer",
    ),
    DataTable(
        "mirrored_fraud_warning",
        title=N_("Warnings of your card’s bank"),
        rows="FROM mirrored_fraud_warning WHERE reference_id = ANY(:things)",
        plain="reference_id is_actionable created_at mirrored_at decided_at",
        codes="stripe_id payment_intent fraud_type",
        staff="decided_by",
        personal="words",
        erased="payments.payer_erasure.erase_payer",
    ),
)
