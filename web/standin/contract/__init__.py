"""What Stripe accepts and returns, read from the installed `stripe` package.

Stripe generates its SDK from its own API description, so the classes in the package *are* the contract of the pinned
version: `stripe.params.*` say which parameters exist, the resource classes say what a response contains. They are read
as source (never imported), one module at a time and only when first needed, and cached on disk between starts.

Owns: reading, checking and blank objects. Leaves to others: every rule that is about money or time.
"""

from web.standin.contract.answers import answer_faults
from web.standin.contract.blanks import RESOURCES, blank, blank_part
from web.standin.contract.operations import Operation, operation
from web.standin.contract.parameters import BadParameter, read_parameters
from web.standin.contract.source import API_VERSION, keep_in

__all__ = [
    "API_VERSION",
    "RESOURCES",
    "BadParameter",
    "Operation",
    "answer_faults",
    "blank",
    "blank_part",
    "keep_in",
    "operation",
    "read_parameters",
]
