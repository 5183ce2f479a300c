"""How an e-mail would look with this text: with what the latest one of its kind said, or with made-up values.

What is shown never holds a secret: e-mails are stored with marks in their place, and here an example fills them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import ids, json
from components.foundation.languages import language as spoken
from components.foundation.languages.catalogues import SOURCE
from components.foundation.refusals import NotFound
from components.messaging import email_outbox, secret_placeholders
from components.messaging.secret_placeholders import fill_html, fill_text
from components.messaging.tables import Email
from components.messaging.texts import ready_email, written_email
from components.messaging.texts.email_kinds import EmailKind, shop_values
from components.messaging.texts.email_placeholders import PlaceholderType, Value
from components.messaging.texts.ready_email import ReadyEmail
from components.messaging.texts.written_email import EmailText
from components.people import customer_accounts, rate_limits
from components.people.rate_limits import RateLimit

EXAMPLES = {"code": "123456", "token": "example", "cancelling": "example", "invoice": "example"}
"""They open nothing."""
TEST = "test_email"
TESTS = RateLimit("test e-mail", 30, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class PreviewData:
    """`of` is the e-mail whose values these are, None for made-up ones."""

    values: dict[str, Value]
    of: UUID | None = None
    at: datetime | None = None


async def latest(kind: EmailKind, language: str = SOURCE) -> PreviewData | None:
    """What the newest e-mail of this kind and language said; None where there is none, or its person was erased."""
    one = Email
    is_known = (one.template == kind.slug) & (one.language == language) & one.placeholder_values.is_not_null()
    found = await one.select(one.id, one.placeholder_values, one.created_at).where(is_known).order_by(
        one.created_at, ascending=False
    ).first()  # fmt: skip
    if found is None:
        return None
    stored = json.load(found["placeholder_values"])
    return PreviewData({**_emptied(kind), **stored, **shop_values()}, found["id"], found["created_at"])


def sample(kind: EmailKind, case: int = 0) -> PreviewData:
    """Made-up values of one of the kind's cases, in the language spoken."""
    cases = kind.samples()
    return PreviewData(kind.values(cases[case if 0 <= case < len(cases) else 0]))


async def data(kind: EmailKind, language: str = SOURCE, *, with_customers: bool = True) -> PreviewData:
    """Real values where there are some, and whoever looks may see them."""
    return (await latest(kind, language) if with_customers else None) or sample(kind)


async def shown(kind: EmailKind, text: EmailText, data: PreviewData) -> ReadyEmail:
    """As a recipient of the language spoken would get it, with examples for secrets.

    What it should say and does not is not looked at. Raises an `UnusableEmailText`.
    """
    written = await written_email.prepared(kind, text, data.values)
    html, plain = ready_email.rendered(kind, written, data.values)
    return ReadyEmail(written.subject, fill_html(html, EXAMPLES), fill_text(plain, EXAMPLES), None, spoken.current())


async def send_to_oneself(kind: EmailKind, text: EmailText, data: PreviewData, *, person_id: UUID) -> str:
    """The preview as an e-mail to this member of staff; returns the address.

    Raises an `UnusableEmailText`, `TooManyTries`.
    """
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound
    made = await shown(kind, text, data)
    await rate_limits.hit(TESTS, str(person_id))
    test = replace(made, subject=f"Test: {made.subject}")
    await email_outbox.send_ready(test, key=f"test:{ids.new()}", to=person.email, person=person_id, template=TEST)
    return person.email


def examples(kind: EmailKind) -> dict[str, str]:
    """For the list of placeholders: what each may look like, in the first case in which there is something."""
    found: dict[str, str] = {}
    for fields in kind.samples():
        for name, value in kind.values(fields).items():
            if value and not found.get(name):
                found[name] = _example(value)
    return found


def _example(value: Value) -> str:
    if isinstance(value, bool):
        return ""
    said = value if isinstance(value, str) else "; ".join(row if isinstance(row, str) else row[0] for row in value)
    return secret_placeholders.fill_text(said, EXAMPLES)


def _emptied(kind: EmailKind) -> dict[str, Value]:
    """An e-mail of before a placeholder was added says nothing for it."""
    return {one.name: False if one.type is PlaceholderType.FLAG else "" for one in kind.declared}
