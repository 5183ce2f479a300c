"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

DATA_TABLES = (
    DataTable(
        "consent_change",
        title=N_("What you said of our e-mails"),
        rows=(
            "FROM consent_change WHERE person = :person OR contact IN "
            "(SELECT id FROM mailing_contact WHERE :email <> '' AND email = :email)"
        ),
        plain="id contact at run",
        codes="kind state how",
        pointer="person",
        staff="by",
        personal="reason",
        erased="consents.contact_moves.erase_person",
    ),
    DataTable(
        "mailing_contact",
        title=N_("Addresses for our e-mails"),
        rows="FROM mailing_contact WHERE :email <> '' AND email = :email",
        plain="id created_at unreachable_at",
        codes="agreed unreachable_why",
        personal="email unreachable_words",
        erased="consents.contact_moves.erase_person",
        periods=(
            Period(
                "30 days, where nobody confirmed it",
                sql=(
                    "DELETE FROM mailing_contact m WHERE created_at < $1 AND unreachable_at IS NULL AND NOT EXISTS "
                    "(SELECT FROM consent_change c WHERE c.contact = m.id AND (c.state <> 'asked' OR c.at >= $1))"
                ),
                days=30,
            ),
        ),
    ),
    DataTable("mailing_rules", plain="id most days hook_number is_hook_open keep_months", codes="confirms"),
)
