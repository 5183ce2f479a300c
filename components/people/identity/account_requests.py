"""Asking for an account: an e-mail goes there, and only in that e-mail is it said whether there is one already."""

from components.foundation import ids
from components.people import passwords, sign_in_links
from components.people.identity.account_opening import AccountWish


async def request(
    email: str, *, name: str = "", password: str | None = None, agreed: tuple[str, ...] = (), address: str, browser: str
) -> str:
    """Send the e-mail whose link or code opens the account, or signs in to the one there is. The answer, and the work
    before it, are the same for both.

    Returns what the browser keeps to show that name and password were typed in it. Raises `WeakPassword`,
    `TooManyTries`.
    """
    name = name.strip()
    kept = await passwords.hash_password(password, own_words=(email, name)) if password is not None else None
    wish = AccountWish(name, kept, ids.token(), agreed)
    await sign_in_links.send(email, address=address, browser=browser, wish=wish)
    return wish.opener
