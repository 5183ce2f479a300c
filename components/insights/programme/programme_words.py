"""What each figure of the programme means, as printed beside it."""

DEFINITIONS = {
    "renewal rate": "Renewed ÷ due, by plan and interval. A renewal is due when a period that was paid for ends, the "
    "time of pauses added; the payment that ends a trial is none, nor is a period that a change of plan cut short. "
    "Renewed: another period has been paid for since. What is less than 30 days late, while the membership goes on, "
    "is still waited for and not counted.",
    "GRR": "Gross revenue retention: of the MRR that members paid at the start of the period, the share that was not "
    "lost by its end to churn or contraction. “—” when nothing was paid then. Of those only who paid at the start: "
    "whoever joined since is not in it, and what a member added since is not lost from it. Who left stays lost, even "
    "if they came back.",
    "NRR": "Net revenue retention: as gross revenue retention, with what those same members came to pay more: (MRR at "
    "the start + expansion − contraction − churn) ÷ MRR at the start, until they left. “—” when nothing was paid then. "
    "Neither members who joined since nor those who came back are in it.",
    "quick ratio": "(New + expansion + reactivation) ÷ (churn + contraction). Above 1 the programme grows. “—” when "
    "nothing was lost.",
    "churn by reason": "Members who stopped paying in the period, and what they paid a month, by why: cancelled by "
    "them or for them, or ended after a payment failed. They leave when their paid period ends, not when they cancel.",
    "CLTV": "Customer lifetime value, excluding tax: (ARPU × margin + order margin − benefit cost, a month) ÷ mean "
    "member churn of the last six full months. Margin is the share of fees, gifts and terms that stayed after refunds "
    "and lost disputes. Order margin and benefit cost are those of plans with a recurring fee, for each month that "
    "somebody held one; member prices and free gifts are in the order margin already and not taken off twice. Items "
    "whose cost is not known have no margin. “—” with no churn or fewer than 30 paying members.",
    "dunning recovery": "Renewals paid in the end ÷ renewals whose first charge failed in the period, by number and by "
    "amount, including tax. Those that are still tried count as not recovered yet. What is charged at the end of a "
    "trial is no renewal.",
    "save rate": "Cancel attempts still paying after the next renewal ÷ attempts. An attempt is a cancellation, by a "
    "member or by staff for them, or a save offer taken instead; of several before one renewal the last counts. Those "
    "whose renewal is still to come, or less than 30 days late, are not counted yet.",
    "cancel reasons": "Why members cancelled, as they chose when they did, and what they wrote. Whoever changed their "
    "mind is in it.",
    "member lift": "Orders paid in the period by people who were members then, with any plan but the free one, and by "
    "everybody else. Average order: their total including delivery and tax ÷ orders. Repeat rate: people with two "
    "orders or more ÷ people with an order; orders without an account are nobody’s. Before and since: people who "
    "joined in the period, in as many days before they joined as have passed since.",
    "stored value owed": "Store credit, cashback (pending and available), and gift memberships paid for and not "
    "redeemed, at this moment, by currency. What has expired is owed no more. What is kept for an order that is being "
    "paid is still owed.",
    "likely to expire": "What is owed and has an end × the share of all that ended in the last 365 days that was never "
    "spent. “—” when fewer than 30 amounts ended.",
}
