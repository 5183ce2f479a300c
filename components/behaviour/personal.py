"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

_PERIOD = Period("as many months as the shop has set, thirteen unless it chose otherwise", task="delete_old_views")
DATA_TABLES = (
    DataTable(
        "page_view",
        title=N_("What you looked at"),
        rows="FROM page_view WHERE person = :person",
        plain="id at day visitor is_member",
        codes="kind",
        pointer="person",
        personal="subject",
        erased="behaviour.visit_erasure.erase_person",
        periods=(_PERIOD,),
    ),
    DataTable(
        "view_count",
        plain="id day is_member times empty_times",
        codes="kind",
        kept="subject",
        why="how often something was looked at or searched for on a day, with nobody beside it; of searches, for as "
        "long as visits",
        periods=(_PERIOD,),
    ),
    DataTable(
        "visit_consent",
        title=N_("That your visits may be kept"),
        rows="FROM visit_consent WHERE person = :person",
        plain="id given_at",
        codes="asked",
        pointer="person",
        erased="behaviour.visit_erasure.erase_person",
        periods=(_PERIOD,),
    ),
    DataTable(
        "visit_refusal",
        title=N_("That your visits must not be kept"),
        rows="FROM visit_refusal WHERE person = :person",
        plain="id at visitor",
        pointer="person",
        erased="behaviour.visit_erasure.erase_person",
        periods=(Period("while the account is there, or half a year of a browser alone", task="delete_old_views"),),
    ),
)
