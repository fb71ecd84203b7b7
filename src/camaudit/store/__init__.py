"""The store: runs, the hosts they reached and every observation, raw and for ever.

In goes what a scan collects, as it arrives; out comes any past run, to be judged again without a packet.
"""

from camaudit.store.database import Store
from camaudit.store.opening import default_url
from camaudit.store.reading import StoredLogin, StoredRun
from camaudit.store.retention import may_go
from camaudit.store.writing import RunWriter

__all__ = ["RunWriter", "Store", "StoredLogin", "StoredRun", "default_url", "may_go"]
