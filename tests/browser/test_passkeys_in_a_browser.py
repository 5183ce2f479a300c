"""Passkeys with a real browser and its virtual authenticator: added in the account, and used to sign in.

The shop is opened as localhost, since no browser has passkeys for a bare address.
"""

from playwright.sync_api import Page

from tests.browser.conftest import Visits

VIRTUAL = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
           "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


def with_authenticator(page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})


def test_a_passkey_is_added_and_signs_in_without_a_password(visit: Visits) -> None:
    page = visit.signed_in("maya@kiln.test")
    with_authenticator(page)
    page.goto("/account/security")
    page.get_by_label("Name").fill("This laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Passkey added.").wait_for()
    page.locator("strong", has_text="This laptop").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/account")
    page.goto("/account/security")
    page.get_by_role("button", name="Remove This laptop").click()
    page.get_by_text("no longer signs you in").wait_for()


def test_without_script_nothing_about_passkeys_is_offered(visit: Visits) -> None:
    page = visit(scripted=False)
    page.goto("/sign-in")
    assert page.get_by_role("button", name="passkey").count() == 0
