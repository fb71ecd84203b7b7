"""Results of other scanners: nmap XML, masscan and naabu JSON, runZero export. In goes text, out come entries.

What another tool concluded (a product, a vendor) is kept as its word, in ``import.*`` fields, which count as weak
signs only. What a device itself sent (a header, a certificate) would be its own word, but a file may be edited.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from camaudit.imports.entry import Entry, Imported, as_address, as_mac, fields, shown
from camaudit.model import Outcome

_MAX_DEPTH = 50
_MAX_PORT = 65535


class _Hosts:
    """Builds the hosts of an nmap file as its elements come, so that a file cut short gives all whole ones."""

    def __init__(self, into: Imported) -> None:
        self.into = into
        self.root = ""
        self._depth = 0
        self._host: dict[str, Any] | None = None
        self._port: dict[str, str] = {}

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take the start of an element."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ValueError("nested too deep")
        self.root = self.root or tag
        if tag == "host":
            self._host = {"addresses": [], "mac": "", "ports": [], "up": True, "told": False}
        elif self._host is None:
            return
        elif tag == "status":
            self._host["up"] = given.get("state") == "up"
            # With -Pn every address is called up, whether anybody is there or not.
            self._host["told"] = given.get("reason", "") == "user-set"
        elif tag == "address" and given.get("addrtype") == "mac":
            self._host["mac"] = as_mac(given.get("addr", ""))
        elif tag == "address":
            self._host["addresses"].append(as_address(given.get("addr", "")))
        elif tag == "port":
            self._port = {"id": given.get("portid", ""), "protocol": given.get("protocol", "tcp")}
        elif tag == "state":
            self._port["state"] = given.get("state", "")
        elif tag == "service":
            self._port |= {name: given.get(name, "") for name in ("product", "devicetype", "extrainfo")}

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self._depth -= 1
        if self._host is None:
            return
        if tag == "port":
            self._host["ports"].append(self._port)
            self._port = {}
        elif tag == "host":
            self._give(self._host)
            self._host = None

    def data(self, _text: str) -> None:
        """Text says nothing in this format."""

    def close(self) -> None:
        """The document is at its end."""

    def _give(self, host: dict[str, Any]) -> None:
        if not host["up"]:
            return
        ports = [p for p in host["ports"] if p.get("state") == "open" and p["protocol"] == "tcp"]
        numbers = [port["id"] for port in ports if _is_port(port["id"])]
        products = [port["product"] for port in ports if port.get("product")]
        closed = any(port.get("state") == "closed" for port in host["ports"])
        if not numbers and not closed and host["told"]:
            return
        outcome = Outcome.ANSWERED if numbers else Outcome.REFUSED
        for address in filter(None, host["addresses"]):
            self.into.add(Entry("port", address, host["mac"], fields=fields(port__open=numbers), outcome=outcome))
            if products:
                self.into.add(Entry("import", address, fields=fields(import__product=products)))


def read_nmap(data: bytes, into: Imported) -> None:
    """Read nmap's XML; entities are refused, a file cut short gives the hosts before the cut."""
    hosts = _Hosts(into)
    parser = XMLParser(target=hosts, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        for at in range(0, len(data), 65536):
            parser.feed(data[at : at + 65536])
        parser.close()
    except DefusedXmlException:
        into.entries.clear()
        into.problem(
            1, "declares XML entities, which nmap never writes, so nothing of it was read; export it again"
        )
    except (ParseError, ValueError) as error:
        line = getattr(error, "position", (1, 0))[0]
        into.problem(
            line, "broken or cut short here; the hosts before it were read, scan or export the rest again"
        )
    if hosts.root != "nmaprun" and not into.problems:
        into.problem(1, f"is XML of kind {shown(hosts.root)!r}, not nmap's; write it with nmap -oX FILE")


def read_ports(text: str, into: Imported) -> None:
    """Read masscan's (``-oJ``) or naabu's (``-json``) results: one JSON object a line, in a list or not."""
    for line, said in objects(text, into):
        address = as_address(_text(said.get("ip") or said.get("host")))
        listed = said.get("ports")
        found = listed if isinstance(listed, list) else [said]
        ports = [port for port in map(_open_port, found) if port]
        if address and ports:
            into.add(
                Entry("port", address, as_mac(_text(said.get("mac"))), fields=fields(port__open=ports), line=line)
            )
        elif "finished" not in said:
            into.problem(line, "has no ip with a port; it was left out")


def _open_port(given: object) -> str:
    if not isinstance(given, dict) or given.get("proto", given.get("protocol", "tcp")) not in ("tcp", "TCP"):
        return ""
    port = given.get("port")
    port = port.get("Port") if isinstance(port, dict) else port
    return str(port) if _is_port(str(port)) and given.get("status", "open") == "open" else ""


def read_runzero(text: str, into: Imported) -> None:
    """Read runZero's asset export (JSONL or JSON); its conclusions are kept as its word."""
    for line, said in objects(text, into):
        addresses = [as_address(_text(each)) for each in _list(said.get("addresses"))]
        macs = [mac for each in _list(said.get("macs")) if (mac := as_mac(_text(each)))]
        ports = [str(port) for port in _list(said.get("service_ports_tcp")) if _is_port(str(port))]
        products = map(_text, _list(said.get("service_products")))
        told = fields(
            import__maker=_text(said.get("hw_vendor")) or _text(said.get("newest_mac_vendor")),
            import__product=[_text(said.get("hw_product") or said.get("hw")), *products],
            import__hostname=map(_text, _list(said.get("names"))),
        )  # fmt: skip
        found = [address for address in addresses if address]
        if not found and not macs:
            into.problem(line, "has neither addresses nor macs; it was left out")
        for address in found or [""]:
            mac = macs[0] if macs else ""
            if ports:
                into.add(Entry("port", address, mac, fields=fields(port__open=ports), line=line))
            into.add(Entry("import", address, mac, fields=told, line=line))


def objects(text: str, into: Imported) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each JSON object with its line: of a list, or one a line with or without commas; name what is none."""
    decoder, at, line = json.JSONDecoder(), 0, 1
    while at < len(text):
        if text[at] in " \t\r\n,[]\ufeff":
            line += text[at] == "\n"
            at += 1
            continue
        try:
            said, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            into.problem(line, "is no JSON, or was cut short; it was left out")
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            said = None
        if isinstance(said, dict):
            yield line, said
        elif said is not None:
            into.problem(line, "is no JSON object; it was left out")
        line += text.count("\n", at, end)
        at = end


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= _MAX_PORT


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value[:64] if isinstance(value, list) else []
