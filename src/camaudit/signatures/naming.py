"""Company names as devices write them, down to the name that people use. Pure."""

from __future__ import annotations

import re

_SEAT = re.compile(
    r"(?i)^(?:zhejiang|hangzhou|shenzhen|guangzhou|suzhou|tianjin|jinan|zhuhai|xiamen|beijing|shanghai)[ ,]{1,3}"
)
_SORT = re.compile(
    r"(?i)(?:[ ,.]{1,3}(?:co|ltd|limited|inc|incorporated|corp|corporation|company|ag|gmbh|ab|bv|b\.v|llc|sa|s\.a"
    r"|technology|technologies|systems|electronics|digital)\b\.?){1,6}$"
)


def plain_name(text: str) -> str:
    """Return a name without its company's seat and sort: "Zhejiang Dahua Technology Co., Ltd." is "Dahua".

    A name of nothing else stays as it is.
    """
    short = text.strip()[:80]
    return _SORT.sub("", _SEAT.sub("", short)) or short
