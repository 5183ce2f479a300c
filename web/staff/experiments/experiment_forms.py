"""The form of an experiment: what is tried on whom, in how many arms, and what it is decided by."""

from typing import Any
from uuid import UUID

from components.campaigns import audience
from components.experiments import experiment_checks, experiment_traffic
from components.experiments.experiment_arms import ExperimentView, offer_of
from components.experiments.experiment_checks import KEPT_DAYS, KINDS, ArmDraft, ExperimentDraft
from components.experiments.experiment_figures import FIGURES
from components.experiments.experiment_traffic import ShopTraffic
from components.foundation.refusals import Refusal
from components.memberships.plans import plan_catalogue
from web.forms.fields import Choice, Choices, LongText, Text
from web.forms.numbers import AmountField, Percent, VersionNumber, Whole
from web.staff.experiments import benefit_arm_fields, offer_arm_fields
from web.staff.experiments.benefit_arm_fields import BenefitArmFields

ARMS = "bcd"
EVERYBODY = "Everybody with an account who is asked"
ORDINARY = "Ordinary"
GUARD_FIELDS = ("most_refunds", "most_cancels", "most_order_loss")


class ExperimentForm(BenefitArmFields):
    name = Text("Name", longest=120, help="Only visible to staff.")
    kind = Choice("What is tried", tuple(KINDS.items()))
    plan = Choice("Plan", sometimes=True)
    segment = Choice(
        "Whom", required=False,
        help="Only customers who are signed in are in an experiment: a stranger sees what everybody sees.",
    )  # fmt: skip
    figure = Choice("Decided by", tuple(FIGURES.items()))
    days = Whole("In how many days after they were first asked", least=1, most=KEPT_DAYS)
    base = Percent(
        "Of a hundred asked, how many join or are kept today", sometimes=True,
        help="For joins and members kept: a guess is enough to begin with.",
    )  # fmt: skip
    least = Percent(
        "Smallest difference worth knowing, of a hundred",
        sometimes=True,
        help="For joins and members kept: 2 is from 10 to 12.",
    )
    spread = AmountField(
        "How much people’s spending differs", sometimes=True,
        help="Roughly: if one in five spends £60 and the others nothing, enter 24. (It is the standard deviation.)",
    )  # fmt: skip
    least_money = AmountField("Smallest difference worth knowing, a person", sometimes=True)
    promise_days = Whole(
        "It is promised for how many days", least=1, most=90,
        help="Whoever sees an arm’s price or benefit may join with it that long, also if you stop.",
    )  # fmt: skip
    a_share = Whole("Ordinary: of a hundred people", least=5, most=95)
    b_name = Text("Arm B: name", longest=60)
    b_share = Whole("Arm B: of a hundred people", least=5, most=95)
    b_price = AmountField("Arm B: price", sometimes=True, help="As members pay it, tax included.")
    b_words = LongText("Arm B: words", longest=300, sometimes=True, rows=2, help="The plan’s short description.")
    c_name = Text("Arm C: name", longest=60, required=False, help="Empty: there is no such arm.")
    c_share = Whole("Arm C: of a hundred people", least=5, most=95, required=False)
    c_price = AmountField("Arm C: price", required=False)
    c_words = LongText("Arm C: words", longest=300, required=False, rows=2)
    d_name = Text("Arm D: name", longest=60, required=False, help="Empty: there is no such arm.")
    d_share = Whole("Arm D: of a hundred people", least=5, most=95, required=False)
    d_price = AmountField("Arm D: price", required=False)
    d_words = LongText("Arm D: words", longest=300, required=False, rows=2)
    most_refunds = Percent("Stop when so many more of a hundred have an order or a fee refunded", required=False)
    most_cancels = Percent("Stop when so many more of a hundred cancel", required=False)
    most_order_loss = Percent("Stop when orders a person are so many % less", required=False)
    version = VersionNumber("Version", required=False)

    def check(self) -> None:
        for letter in "cd":
            if self.values.get(f"{letter}_name") and not self.values.get(f"{letter}_share"):
                self.refuse(f"{letter}_share", "Enter how many of a hundred people are in this arm.")
        for name in ("base", "least", *GUARD_FIELDS):
            if not 0 <= (self.values.get(name) or 0) <= 10_000:
                self.refuse(name, "Enter 0 to 100.")

    async def look_over(self) -> None:
        """Say at each field what would keep it from being started."""
        if not self.is_valid:
            return
        for name, words in (await experiment_checks.troubles(self.draft)).items():
            self.refuse("least_money" if name == "least" and self.figure == "money" else name, words)

    @property
    def draft(self) -> ExperimentDraft:
        is_money = self.figure == "money"
        return ExperimentDraft(
            name=self.name, kind=self.kind, benefit=self._benefit("benefit"),
            plan=UUID(self.plan) if self.plan and self.kind != "offers" else None,
            reason=self.reason if self.kind == "offers" else "", segment=UUID(self.segment) if self.segment else None,
            figure=self.figure, days=self.days, base=0 if is_money else self.base or 0,
            spread=(self.spread or 0) if is_money else 0,
            least=(self.least_money if is_money else self.least) or 0, promise_days=self.promise_days,
            most_refunds=self.most_refunds, most_cancels=self.most_cancels, most_order_loss=self.most_order_loss,
            arms=(ArmDraft(ORDINARY, self.a_share), *self._arms()),
        )  # fmt: skip

    @property
    def opened(self) -> frozenset[str]:
        """The parts of the form that stand open: those with something in them, or something wrong."""
        parts = {letter: [name for name in self.declared if name.startswith(f"{letter}_")] for letter in "cd"}
        named = {one for one in "cd" if any(self.typed.get(f"{one}_name") or ())}
        parts |= {"money": ["spread", "least_money"], "guards": list(GUARD_FIELDS)}
        filled = {part for part in ("money", "guards") if any(any(self.typed.get(one) or ()) for one in parts[part])}
        return frozenset(named | filled | {part for part, names in parts.items() if set(names) & set(self.errors)})

    def _benefit(self, name: str) -> UUID | None:
        typed = self.values.get(name) if self.kind == "benefits" else None
        return UUID(typed) if typed else None

    def _arms(self) -> tuple[ArmDraft, ...]:
        given = self.values
        return tuple(
            ArmDraft(
                given[f"{one}_name"],
                given.get(f"{one}_share") or 0,
                given.get(f"{one}_price") if self.kind == "price" else None,
                (given.get(f"{one}_words") or "").strip() if self.kind == "words" else "",
                offer_arm_fields.terms(given, one) if self.kind == "offers" else None,
                self._benefit(f"{one}_benefit"),
            )
            for one in ARMS
            if given.get(f"{one}_name")
        )


async def choices(found: ExperimentView | None = None) -> dict[str, Choices]:
    """Plans on offer and segments; one that is archived stays chosen where it is."""
    plans = [(str(one.id), f"{one.name}, {one.price_words}") for one in plan_catalogue.active_plans()]
    segments = [("", EVERYBODY), *await audience.choices()]
    cheaper = tuple((str(one.id), one.name) for one in plan_catalogue.active_plans() if one.renews)
    if found is not None and found.row.plan and str(found.row.plan) not in dict(plans):
        plans.append((str(found.row.plan), "A plan that is no longer on offer"))
    if found is not None and found.row.segment and str(found.row.segment) not in dict(segments):
        segments.append((str(found.row.segment), "A segment that is archived or gone"))
    to = {f"{letter}_to": cheaper for letter in ARMS}
    arms = found.arms if found else ()
    chosen = [found.row.benefit if found else None, *(one.benefit for one in arms)]
    return {"plan": tuple(plans), "segment": tuple(segments), **to, **await benefit_arm_fields.choices(*chosen)}


async def blank(kind: str = "words") -> ExperimentForm:
    """How many join or stay is for staff to say: what is known of it stands beside the field."""
    what: dict[str, Any] = {"figure": "joined", "days": 14}
    if kind == "offers":
        what = {"figure": "kept", "days": 60}
    return ExperimentForm.blank(
        choices=await choices(), kind=kind if kind in KINDS else "words", promise_days=14, a_share=50, b_name="B",
        b_share=50, **what,
    )  # fmt: skip


async def filled(found: ExperimentView) -> ExperimentForm:
    row, given = found.row, dict[str, Any]()
    for name in (*["name", "kind", "reason", "figure", "days", "promise_days", "version"], *GUARD_FIELDS):
        given[name] = getattr(row, name)
    if row.figure == "money":
        given |= {"spread": row.spread, "least_money": row.least}
    else:
        given |= {"base": row.base, "least": row.least}
    given["benefit"] = str(row.benefit or "")
    for letter, arm in zip("abcd", found.arms, strict=False):
        given[f"{letter}_share"] = arm.share
        if letter != "a":
            given |= {f"{letter}_name": arm.name, f"{letter}_price": arm.price, f"{letter}_words": arm.words}
            given[f"{letter}_benefit"] = str(arm.benefit or "")
            given |= offer_arm_fields.values(letter, offer_of(arm))
    known = await choices(found)
    return ExperimentForm.blank(choices=known, plan=str(row.plan or ""), segment=str(row.segment or ""), **given)


async def traffic(kind: str, segment: UUID | None) -> ShopTraffic | None:
    """None where the segment can no longer be asked."""
    try:
        return await (experiment_traffic.leaving(segment) if kind == "offers" else experiment_traffic.seen(segment))
    except Refusal:
        return None
