"""Fuzz targets for every reader of what others wrote: devices, captures, other tools and people.

``targets.TARGETS`` is the table. The suite feeds it through hypothesis, ``make fuzz`` through atheris; both call
the same functions.
"""
