"""Accounts that the operator hands over: in goes a file, out come accounts and the devices each is meant for.

The file says where a password is kept, never the password; what is read from there stays in memory.
"""

from camaudit.credentials.file import load_credentials
from camaudit.credentials.match import Credential, Known, first_match

__all__ = ["Credential", "Known", "first_match", "load_credentials"]
