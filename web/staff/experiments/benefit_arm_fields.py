"""The benefit that each arm gives, and in whose place, as fields of the form of an experiment."""

from components.memberships.benefits.kinds import all_kinds
from components.memberships.editing import plan_benefits
from components.memberships.plans import plan_catalogue
from web.forms.fields import Choice, Choices
from web.staff.experiments.offer_arm_fields import OfferArmFields

ONE_MORE = "None: each arm gives one more"


class BenefitArmFields(OfferArmFields):
    benefit = Choice("In place of", required=False, help="What the plan includes, and everybody else gets.")
    b_benefit = Choice("Arm B: gives", sometimes=True, help="Made under Benefits, with its settings of today.")
    c_benefit = Choice("Arm C: gives", required=False)
    d_benefit = Choice("Arm D: gives", required=False)


async def choices(*chosen: object) -> dict[str, Choices]:
    """Of kinds that can be tried: what plans on offer include, and what arms may give. One that is gone stays chosen
    where it is."""
    held = dict[str, str]()
    plans = dict[str, list[str]]()
    for plan in plan_catalogue.active_plans():
        for one in plan.benefits:
            if plan.renews and all_kinds()[one.kind].is_tried:
                held[str(one.id)] = one.name
                plans.setdefault(str(one.id), []).append(plan.name)
    replaced = [("", ONE_MORE), *((key, f"{name} ({', '.join(plans[key])})") for key, name in held.items())]
    titles = {one.title for one in all_kinds().values() if one.is_tried}
    given = [("", "Choose a benefit")]
    given += [
        (str(one.id), f"{one.name}: {one.words}")
        for one in await plan_benefits.all_benefits()
        if one.kind_title in titles
    ]
    gone = [str(one) for one in chosen if one]
    replaced += [(one, "A benefit that no plan includes now") for one in gone if one not in dict(replaced)]
    given += [(one, "A benefit that is gone") for one in gone if one not in dict(given)]
    return {"benefit": tuple(replaced), **{f"{letter}_benefit": tuple(given) for letter in "bcd"}}
