"""A rule about marketing e-mails: whether somebody agreed to them, as it holds now."""

from components.consents.consent_words import KINDS as EMAILS
from components.foundation.languages.words import N_, _
from components.segments.rule_fields import Options, RuleChoice
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import IS_TRUE, if_so
from components.segments.statement import Statement

ANY = "*"


def _emails() -> Options:
    return ((ANY, _("any of them")), *((key, _(words)) for key, words in EMAILS.items()))


_EMAILS = RuleChoice(name="emails", label=N_("Which e-mails"), options=_emails)


def _agreed(values: Values, into: Statement) -> str:
    """What waits to be confirmed is not agreed yet. Whether e-mails come back is another question."""
    kind = values["emails"]
    which = "cardinality(c.agreed) > 0" if kind == ANY else f"c.agreed @> ARRAY[{into.bind(kind, 'varchar')}]"
    return if_so(
        values, into, f"SELECT p.id FROM segments_people p JOIN segments_contacts c ON c.email = p.email WHERE {which}"
    )


def _agreed_said(values: Values) -> str:
    is_so = values["is"] == "yes"
    if values["emails"] == ANY:
        return _("have agreed to marketing e-mails") if is_so else _("have not agreed to any marketing e-mails")
    name = _EMAILS.label_of(values["emails"])
    if is_so:
        return _("have agreed to the e-mails “%(name)s”", name=name)
    return _("have not agreed to the e-mails “%(name)s”", name=name)


KINDS = (
    RuleKind(
        key="agreed",
        group="customer",
        title=N_("Agreed to marketing e-mails"),
        fields=(IS_TRUE, _EMAILS),
        select=_agreed,
        says=_agreed_said,
    ),
)
