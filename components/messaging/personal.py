"""What the tables of this component hold of a person, and what becomes of it."""

from components.foundation.languages.words import N_
from components.foundation.personal_data.data_tables import DataTable, Period

DATA_TABLES = (
    DataTable(
        "cancellation_notice",
        title=N_("Cancellations and withdrawals"),
        rows="FROM cancellation_notice WHERE :email <> '' AND email = :email",
        plain="id at wanted_on settled_at",
        codes="plan kind language outcome",
        personal="name email reason",
        erased="messaging.cancellation_notices.erase_person",
        periods=(Period("4 years, of those without an account", task="forget_old_cancellations"),),
    ),
    DataTable(
        "email",
        title=N_("E-mails to you"),
        rows="FROM email WHERE person = :person OR :email <> '' AND recipient = :email",
        plain="id secrets_until created_at handed_over_at sent_at tries failed_at invoice emptied_at",
        codes="key template language",
        shops="reply_to",
        pointer="person",
        personal="recipient subject html text placeholder_values failure",
        secret="secrets unsubscribe",
        erased="messaging.emails.account_emails.erase_emails",
        periods=(
            Period(
                "the e-mail that says the account is deleted: until it is sent, 7 days at most",
                sql=(
                    "UPDATE email SET recipient = '', subject = 'Erased', html = '', text = '', placeholder_values = "
                    "NULL, failure = CASE WHEN failure = '' THEN '' ELSE 'Erased' END WHERE template = "
                    "'account_deleted' AND recipient <> '' AND (sent_at IS NOT NULL OR created_at < $1)"
                ),
                days=7,
            ),
            Period("the text of marketing e-mails: as many months as the shop has set", task="empty_old_marketing"),
        ),
    ),
    DataTable(
        "email_text_trouble",
        plain="id number at",
        shops="kind words language",
    ),
    DataTable(
        "withdrawal",
        title=N_("Withdrawals from contracts"),
        rows="FROM withdrawal WHERE :email <> '' AND email = :email",
        plain="id at settled_at",
        codes="about language outcome",
        personal="name email number items",
        erased="messaging.notices.withdrawals.erase_person",
        periods=(Period("4 years, of those without an account", task="forget_old_withdrawals"),),
    ),
    DataTable(
        "email_text_version",
        plain="id number is_original at",
        shops="kind subject body language",
        staff="by",
    ),
)
