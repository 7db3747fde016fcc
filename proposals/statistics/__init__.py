"""The mathematics of the detectors: pure functions over numbers, no tables, no Django.

numpy and the standard library alone; every function is held against answers known from elsewhere
in ``tests/proposals/statistics``.
"""
