"""Telling others what changed: in go a judged run and the operator's receivers, out go messages, each change once.

The scan has its gate (``net/gate.py``) and is over when this begins. Where a message goes stands in the operator's
own file and nowhere else: nothing that a device said is ever dialled.
"""

from camaudit.telling.delivery import Outcome, tell, try_out
from camaudit.telling.form import load_receivers
from camaudit.telling.receivers import Receiver

__all__ = ["Outcome", "Receiver", "load_receivers", "tell", "try_out"]
