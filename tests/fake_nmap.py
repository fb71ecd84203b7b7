"""An nmap that says what a test wants, and keeps what it was told: ``install`` puts it first in the path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

RECORDED = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<nmaprun scanner="nmap" args="nmap" start="1795785283" version="7.93" xmloutputversion="1.05">
<scaninfo type="connect" protocol="tcp" numservices="3" services="20080,20443,20554"/>
<hosthint><status state="up" reason="unknown-response" reason_ttl="0"/>
<address addr="127.83.0.6" addrtype="ipv4"/>
<hostnames>
</hostnames>
</hosthint>
<host starttime="1795785283" endtime="1795785283"><status state="up" reason="syn-ack" reason_ttl="0"/>
<address addr="127.83.0.5" addrtype="ipv4"/>
<address addr="02:00:00:00:AB:05" addrtype="mac"/>
<hostnames>
</hostnames>
<ports><port protocol="tcp" portid="20080"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="unknown" method="table" conf="3"/></port>
<port protocol="tcp" portid="20443"><state state="filtered" reason="no-response" reason_ttl="0"/></port>
<port protocol="tcp" portid="20554"><state state="closed" reason="conn-refused" reason_ttl="0"/></port>
</ports>
<times srtt="75" rttvar="2119" to="100000"/>
</host>
<host starttime="1795785283" endtime="1795785283"><status state="up" reason="reset" reason_ttl="0"/>
<address addr="127.83.0.6" addrtype="ipv4"/>
<hostnames>
</hostnames>
<ports><extraports state="closed" count="61">
<extrareasons reason="reset" count="61" proto="tcp" ports="20000-20600"/>
</extraports>
</ports>
<times srtt="17" rttvar="10" to="100000"/>
</host>
<runstats><finished time="1795785283" timestr="Fri Nov 27 13:14:43 2026" summary="2 IP addresses (2 hosts up) scanned" elapsed="0.09" exit="success"/><hosts up="2" down="0" total="2"/>
</runstats>
</nmaprun>
"""  # noqa: E501
"""Of nmap 7.93 on loopback (its two forms of telling ports), with a MAC and a filtered port as on a subnet."""

_PROGRAM = """#!/bin/sh
if [ "$1" = -V ]; then cat '{folder}/version'; exit 0; fi
echo "$@" >> '{folder}/arguments'
cat >> '{folder}/targets'
echo . >> '{folder}/targets'
echo $$ > '{folder}/pid'
{then}
"""


@dataclass(frozen=True)
class FakeNmap:
    """What the fake was told so far."""

    folder: Path

    @property
    def arguments(self) -> list[str]:
        """Return the command lines, without the program's name."""
        return self._lines("arguments")

    @property
    def targets(self) -> list[str]:
        """Return the addresses that went in, with a dot after each run."""
        return self._lines("targets")

    def _lines(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text("utf-8").splitlines() if file.is_file() else []


def install(
    folder: Path,
    patch: pytest.MonkeyPatch,
    *,
    says: str = RECORDED,
    then: str = "",
    version: str = "Nmap version 7.93 ( https://nmap.org )",
) -> FakeNmap:
    """Put a fake nmap first in the path that writes ``says``, or runs the shell command ``then`` instead."""
    bin_ = folder / "bin"
    bin_.mkdir(exist_ok=True)
    (folder / "says.xml").write_text(says, "utf-8")
    (folder / "version").write_text(f"{version}\n", "utf-8")
    program = bin_ / "nmap"
    program.write_text(_PROGRAM.format(folder=folder, then=then or f"cat '{folder}/says.xml'"), "utf-8")
    program.chmod(0o755)
    patch.setenv("PATH", f"{bin_}:/usr/bin:/bin")
    return FakeNmap(folder)
