"""What the shop's own pages and the list of members say of a membership in each state."""

from typing import NamedTuple

from components.memberships.billing.states.membership_states import MemberAction, MembershipState, member_actions
from tests.support import fill_basket, join_members, make_products
from tests.support.pages import Browser

S = MembershipState
RESUME, PAY, JOIN = "/account/membership/pause/end", "/account/membership/payment", "/join"
SHARED = "/account/membership"


class Surface(NamedTuple):
    """Where the panel about membership leads, or None without one; its title; words of overview and list."""

    leads: str | None
    title: str
    overview: str
    listed: str


NO_PANEL = None
PAUSED = "Your membership is on hold until 31 March 2027"
SURFACES: dict[MembershipState, Surface] = {
    S.NEVER: Surface(JOIN, "Members pay £21.60", "See what members get", ""),
    S.FREE: Surface(JOIN, "Members pay £21.60", "Member since", "Free plan"),
    S.TRIAL: Surface(NO_PANEL, "", "Your trial is free until 15 March 2027.", "Trial"),
    S.ACTIVE: Surface(NO_PANEL, "", "Renews on 1 April 2027.", "Active"),
    S.PAST_DUE_IN_GRACE: Surface(NO_PANEL, "", "You keep your benefits for now.", "Past due"),
    S.PAST_DUE_AFTER_GRACE: Surface(PAY, "Your membership benefits are off", "so your benefits are off", "Past due"),
    S.UNPAID: Surface(PAY, "Your membership benefits are off", "so your benefits are off", "Past due"),
    S.PAUSE_PLANNED: Surface(NO_PANEL, "", "pauses on 11 March 2027, until 10 April 2027", "Pauses 11 March 2027"),
    S.PAUSED: Surface(RESUME, PAUSED, PAUSED, "Paused"),
    S.CANCELLING: Surface(NO_PANEL, "", "Ends on 1 April 2027", "Ending"),
    S.CANCELLING_PAUSED: Surface(RESUME, PAUSED, "Your membership is cancelled.", "Paused"),
    S.ENDED: Surface(JOIN, "Members pay £21.60", "See what members get", "Ended"),
    S.COMPLIMENTARY: Surface(NO_PANEL, "", "Member since", "Complimentary"),
    S.GIFT: Surface(NO_PANEL, "", "Valid until", "Active"),
    S.SEAT: Surface(NO_PANEL, "", "Member since", "Active"),
    S.SEAT_ON_HOLD: Surface(SHARED, PAUSED, "has paused this membership until 31 March 2027", "On hold"),
    S.EARNED: Surface(NO_PANEL, "", "Valid until", "Active"),
    S.FIXED_TERM: Surface(NO_PANEL, "", "Valid until", "Active"),
    S.LIFE: Surface(NO_PANEL, "", "Member since", "Active"),
}
MEMBERSHIP_PAGE: dict[MembershipState, tuple[str, ...]] = {
    S.PAUSE_PLANNED: ("Pauses 11 March 2027", "Since 1 March 2027, paused from 11 March 2027 until 10 April 2027"),
    S.PAUSED: ("Paused until 31 March 2027", "Member since 1 March 2027"),
    S.CANCELLING_PAUSED: ("Paused, ends 1 May 2027", "Member since 1 March 2027"),
    S.CANCELLING: ("Ends 1 April 2027", "Since 1 March 2027, until 1 April 2027"),
    S.PAST_DUE_AFTER_GRACE: ("Past due", "Member since 1 March 2027"),
    S.TRIAL: ("Trial until 15 March 2027", "Next charge"),
}
"""The chip, and since and until when."""
OWING = frozenset({S.PAST_DUE_IN_GRACE, S.PAST_DUE_AFTER_GRACE, S.UNPAID})
RESTS = frozenset({S.PAUSED, S.CANCELLING_PAUSED, S.PAST_DUE_AFTER_GRACE, S.UNPAID, S.SEAT_ON_HOLD})

ADVICE = ("Don’t join", "Join now", "pays for itself", "Add something to your basket")


async def stock() -> None:
    await fill_basket.ways()
    await make_products.product()


async def look(maya: Browser, iris: Browser, state: MembershipState) -> None:
    wanted, page = SURFACES[state], await maya.get("/account/membership")
    for words in MEMBERSHIP_PAGE.get(state, ()):
        assert words in page.words, (state, page.words)
    product = await maya.get("/products/moon-mug")
    assert ("banner--due" in product.text) is (state in OWING), state
    form = product.form("/basket")
    basket = await maya.post("/basket", form.given)
    for page in (product, basket):
        panels = [one for one in page.tree.iter("aside") if one.get("class") == "offer"]
        assert len(panels) == (wanted.leads is not None), (state, page.path)
        for panel in panels:
            leads = [link.get("href") for link in panel.iter("a")]
            assert leads in ([wanted.leads], ["/checkout?join=monthly"] if wanted.leads == JOIN else []), page.path
    assert wanted.title in product.words and (state not in RESTS or wanted.title in basket.words)
    checkout = await maya.get("/checkout")
    assert ("join" in checkout.form("/checkout").given) is (wanted.leads == JOIN), state
    for address in ("/join", "/join/monthly"):
        page = await maya.get(address)
        said = wanted.title if state is not S.SEAT_ON_HOLD or address == JOIN else "is on hold. Your place is kept"
        assert (state in RESTS) is (said in page.words and wanted.leads in page.links()), (state, address)
        assert state not in RESTS or not any(words in page.words for words in ADVICE), (state, address)
    may_join = MemberAction.JOIN in member_actions(state) or state is S.SEAT_ON_HOLD
    assert ('action="/join/monthly"' in page.text) is may_join, state
    assert not may_join or "/join/monthly" in (await maya.get("/join")).links(), state
    assert wanted.overview in (await maya.get("/account")).words, state
    listed = await iris.get("/staff/members", params={"q": "maya", "show": "all"})
    (rows,) = listed.tree.iter("tbody")
    assert wanted.listed in " ".join(rows.itertext()), (state, listed.words)
    hers = await iris.get(f"/staff/members/{await join_members.person()}")
    is_own = state in RESTS and state is not S.SEAT_ON_HOLD
    assert ("On hold at that time: " in hers.words) is is_own, state
