"""Experiments: two to four arms of a plan's price or words, who saw which, and what is known of the difference.

It owns who is in which arm, and the intervals that may be looked at every day. What an arm's price means for somebody
who joins is left to memberships: it is a version of the plan like any other. What pages say is left to the web.
"""
