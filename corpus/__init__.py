"""Recorded replies of real devices, labelled, and how well camaudit reads them (``make corpus``).

From a recording to a figure: ``recordings/*.yaml`` → ``form`` (read) → ``replay`` (decode, as the probes do) →
``score`` (compare with the truth) → ``table`` (docs/calibration.md).
"""
