"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable

DATA_TABLES = (
    DataTable(
        "article",
        plain="id drip_days published_at created_at changed_at",
        shops="slug title teaser body cover cover_alt gate",
    ),
    DataTable(
        "content_picture",
        plain="id width height uploaded_at",
        shops="path alt",
        staff="uploaded_by",
    ),
    DataTable(
        "home_section",
        plain="id position is_hidden changed_at",
        shops="kind settings",
    ),
    DataTable(
        "menu_item",
        plain="id position",
        shops="menu label target",
    ),
    DataTable(
        "page",
        plain="id version published_at created_at changed_at",
        shops="slug kind title summary body",
    ),
    DataTable(
        "page_agreement",
        title=N_("What you agreed to"),
        rows="FROM page_agreement WHERE about_id = ANY(:things) OR about_id = :person",
        plain="id at",
        codes="about way",
        shops="pages",
        pointer="about_id",
    ),
    DataTable(
        "page_version",
        plain="id page number at",
        shops="title summary body",
        staff="by",
    ),
)
