"""Behaviour: which pages visitors look at, counted by the shop itself and for nobody else.

Owns how often what was looked at on which day (without anybody in it), and, of whoever agreed, their visits. Leaves
what follows from it (funnels, what is not bought) to `insights`, and what a request is to `web`.
"""
