"""What staff answer about a draft of rules."""

from datetime import UTC, datetime

from components.insights.backtests.rule_drafts import Drafted
from web.forms.fields import ReferenceField, Text
from web.forms.form import Form
from web.forms.numbers import Percent
from web.forms.times import Moment

WHOLE = 10_000


class NewForm(Form):
    name = Text("Name of the draft", longest=120, help="For staff only: “15% instead of 10%”.")
    cost = Percent(
        "What goods cost you, in per cent of their price",
        help="Only for pieces whose own cost is not known. You may give each piece its cost on its own page.",
    )

    def check(self) -> None:
        cost = self.values["cost"]
        if cost is not None and not 0 <= cost <= WHOLE:
            self.refuse("cost", "Between 0 and 100 per cent.")


class PairForm(Form):
    plan = ReferenceField("Plan")
    benefit = ReferenceField("Benefit")


class DropForm(Form):
    benefit = ReferenceField("Benefit")


class PublishForm(Form):
    at = Moment("From this instant", help="It holds from then on, for members of that day too. Nothing changes before.")


def publish_form(draft: Drafted, now: datetime) -> PublishForm:
    """Tomorrow at midnight, to begin with."""
    tomorrow = datetime.fromtimestamp((now.timestamp() // 86_400 + 1) * 86_400, UTC)
    return PublishForm.blank(at=draft.publish_at or tomorrow)
