"""The plan: in go devices, what the rules say of them, a day and what the site states; out come steps in order.

``steps`` groups and orders, ``dates`` says by when, ``cost`` what it comes to, ``totals`` adds up, ``progress``
compares with an earlier plan. Pure; every sentence comes of the catalogue ``reports/phrases.yaml``.
"""

from camaudit.plan.progress import progress
from camaudit.plan.steps import ACTIONS, plan
from camaudit.plan.totals import Total, in_all, totals

__all__ = ["ACTIONS", "Total", "in_all", "plan", "progress", "totals"]
