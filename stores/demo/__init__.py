"""The demo shop: a hand-written catalogue and a seeded history of thirteen months.

Nothing here is measured. Every row the simulator yields is written with ``simulated=True``
and shown with that label. Lowest first: rows, story, catalogue, seasons, the parts
(traffic, orders, market, marketing, searches), simulator, and the two modules that write
to the database: loader (a whole history) and missing (what an imported shop lacks).
"""
