"""The evidence bundle: a folder that holds a run, the knowledge it was judged by, its reports, and a signature.

In goes a stored run, out comes a folder that stock ``ssh-keygen`` and ``sha256sum`` can check, and that another
camaudit can judge again, on another machine, to the same findings.
"""

from camaudit.bundle.checking import Checked, check
from camaudit.bundle.writing import write

__all__ = ["Checked", "check", "write"]
