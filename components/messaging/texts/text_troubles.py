"""Why a text of staff's cannot be used."""


class UnusableEmailText(Exception):
    """The message says it in words for staff."""


class UnbalancedConditions(UnusableEmailText):
    """An {if …} without its {end}, or the other way round."""


class UnsafeAddress(UnusableEmailText):
    """A link leads where no e-mail of the shop may lead, or a picture."""


class MisplacedBlock(UnusableEmailText):
    """A table or list stands within a line."""


class LooseSecret(UnusableEmailText):
    """A mark of a secret that no placeholder has put there."""


class NotSaid(UnusableEmailText):
    """Something is missing that the e-mail has to say."""
