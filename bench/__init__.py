"""How fast the product is, always against a floor measured in the same run.

A second on one machine says nothing about the next one; a ratio to a floor of the same run does.
Every workload runs its cases in turns, so that whatever else the machine does hits all of them.
"""
