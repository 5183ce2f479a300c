"""Why something was chosen, in words for whoever it was chosen for."""

from components.foundation import formatting
from components.foundation.languages.words import _
from components.recommendations.personal_choices import ChoiceKind, PersonalChoice


def reason(choice: PersonalChoice) -> str:
    """ "Because you bought Rain jacket": a sentence without its stop, to stand beside the product."""
    day = formatting.short_day(choice.at) if choice.at else ""
    match choice.kind:
        case ChoiceKind.EARLY:
            return _("Your early access: on general sale from %(day)s", day=day)
        case ChoiceKind.BOUGHT:
            return _("Because you bought %(product)s", product=choice.about)
        case ChoiceKind.NEW if choice.since_visit:
            return _("New in %(collection)s since your last visit", collection=choice.about)
        case ChoiceKind.NEW:
            return _("New in %(collection)s since your last order", collection=choice.about)
        case ChoiceKind.LOOKED:
            return _("You looked at this on %(day)s", day=day)
