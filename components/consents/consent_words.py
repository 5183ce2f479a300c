"""The kinds of marketing e-mails, and how somebody may have agreed, in words."""

from components.foundation.languages.words import N_

KINDS = {
    "news": N_("News and offers"),
    "tips": N_("Tips for getting more out of the membership"),
}
"""One switch in the account for each."""

HOW = {
    "account": N_("when the account was created"),
    "checkout": N_("box at checkout"),
    "own page": N_("account page"),
    "confirmed": N_("confirmed by e-mail"),
    "new address": N_("moved with a new e-mail address"),
    "import": N_("file of an earlier shop"),
    "import undone": N_("import of that file undone"),
    "staff": N_("noted by staff"),
    "unsubscribe": N_("unsubscribe link"),
    "one click": N_("unsubscribe button of the e-mail program"),
    "complaint": N_("reported as spam"),
}
STATES = {"asked": N_("not confirmed yet"), "given": N_("agreed"), "withdrawn": N_("withdrawn")}
