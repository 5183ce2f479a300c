"""Rules in one sentence: "Customers who hold the plan Gold and have placed at least 3 orders." """

from components.foundation.languages import enumerations
from components.foundation.languages.words import _
from components.segments.rule_groups import RuleGroup, SegmentRule


def of_group(group: RuleGroup) -> str:
    if group.match != "none" and len(group.parts) == 1 and (alone := _alone(group.parts[0])):
        return alone
    parts = [of_part(part) for part in group.parts]
    if group.match == "none":
        return _("All customers except those who %(they)s.", they=enumerations.one_of(parts))
    join = enumerations.all_of if group.match == "all" else enumerations.one_of
    return _("Customers who %(they)s.", they=join(parts))


def _alone(part: SegmentRule | RuleGroup) -> str:
    if isinstance(part, RuleGroup) or part.kind.alone is None:
        return ""
    return part.kind.alone(part.values)


def of_part(part: SegmentRule | RuleGroup) -> str:
    """What they do who fit it, as it goes on after "Customers who …"."""
    return _inner(part) if isinstance(part, RuleGroup) else part.kind.says(part.values)


def _inner(group: RuleGroup) -> str:
    parts = [of_part(part) for part in group.parts]
    if group.match == "none":
        return _("are not among those who (%(they)s)", they=enumerations.one_of(parts))
    if len(parts) == 1:
        return parts[0]
    return f"({enumerations.all_of(parts) if group.match == 'all' else enumerations.one_of(parts)})"
