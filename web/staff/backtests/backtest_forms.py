"""The forms of a scenario."""

from datetime import UTC, datetime

from components.insights.backtests.rule_drafts import Drafted
from web.forms.fields import ReferenceField, Text
from web.forms.form import Form
from web.forms.numbers import Percent
from web.forms.times import Moment

WHOLE = 10_000


class NewForm(Form):
    name = Text("Name", longest=120, help="Only visible to staff, for example “15% instead of 10%”.")
    cost = Percent(
        "Estimated product cost, as a percentage of the price",
        help="Only used for products without a known cost. You can enter the cost of each variant on its page.",
    )

    def check(self) -> None:
        cost = self.values["cost"]
        if cost is not None and not 0 <= cost <= WHOLE:
            self.refuse("cost", "Enter a percentage between 0 and 100.")


class PairForm(Form):
    plan = ReferenceField("Plan")
    benefit = ReferenceField("Benefit")


class DropForm(Form):
    benefit = ReferenceField("Benefit")


class PublishForm(Form):
    at = Moment("Effective from", help="Applies to all members from this date. Nothing changes before then.")


def publish_form(draft: Drafted, now: datetime) -> PublishForm:
    """Tomorrow at midnight by default."""
    tomorrow = datetime.fromtimestamp((now.timestamp() // 86_400 + 1) * 86_400, UTC)
    return PublishForm.blank(at=draft.publish_at or tomorrow)
