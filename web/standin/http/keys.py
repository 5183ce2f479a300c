"""API keys: any test key is accepted, and a restricted one says in its name what it may not do.

`rk_test_without_refunds_disputes` may do nothing with those two resources; `sk_test_rolled…` was replaced by another.
"""

from web.standin.refusals import StripeRefusal

ROLLED = "sk_test_rolled"
RESTRICTED = "rk_test_without_"


def check(key: str, path: str) -> None:
    """Raises the refusal that Stripe would give."""
    if key.startswith(("sk_live_", "rk_live_")):
        raise StripeRefusal("Offline payments refuse live keys: they are for real money.", status=401)
    if key.startswith(ROLLED):
        raise StripeRefusal(f"Expired API Key provided: {_hidden(key)}", status=401, code="api_key_expired")
    if not key.startswith(("sk_test_", "rk_test_")):
        raise StripeRefusal(f"Invalid API Key provided: {_hidden(key)}", status=401)
    if key.startswith(RESTRICTED):
        _check_resource(key, path)


def _check_resource(key: str, path: str) -> None:
    resource = path.removeprefix("/v1/").split("/")[0]
    if resource.replace("_", "-") in key.removeprefix(RESTRICTED).split("_"):
        words = (
            f"The provided key '{_hidden(key)}' does not have the required permissions for this endpoint on account "
            f"'acct_offline'. Having the 'rak_{resource}' permission would allow this request to continue."
        )
        raise StripeRefusal(words, status=403)


def _hidden(key: str) -> str:
    return f"{key[:8]}{'*' * 12}{key[-4:]}"
