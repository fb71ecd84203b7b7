"""A secret that a file holds as its one line: in goes the file, out comes the text."""

from __future__ import annotations

import os
import stat
from pathlib import Path

LONGEST = 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def first_line(file: Path, *, private: bool = False) -> str:
    """Return what a file holds; raise ``ValueError`` with what is wrong and what to do, never with what was read.

    ``private`` refuses a file that anybody but its owner may read (where the system knows such rights).
    """
    try:
        with file.open("rb") as stream:
            if private and os.name == "posix" and os.fstat(stream.fileno()).st_mode & _OTHERS:
                raise ValueError("others may read it; take that away with chmod 600, and change the secret")
            raw = stream.read(4 * LONGEST + 2)
        text = raw.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}; check the path and its permissions") from None
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text; save the password as plain text") from None
    if not text:
        raise ValueError("is empty; write the password into it, one line")
    return text
