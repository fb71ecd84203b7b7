"""Turn the filled mapping of a device file into a ``DeviceSpec``. Unknown keys are errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from camaudit.simulator.device import DeviceSpec, Dhip, Login, Mdns, Snmp, Ssdp, Truth, WsDiscovery
from camaudit.simulator.fragile import parse_limits
from camaudit.simulator.parse_onvif import parse_onvif
from camaudit.simulator.parse_service import parse_service
from camaudit.simulator.parse_text import parse_rtsp, parse_site
from camaudit.simulator.placeholders import Scalar
from camaudit.simulator.section import Section

KINDS = ("camera", "recorder", "door-station", "encoder", "other", "unknown")
RELATIONS = ("own_brand", "subsidiary", "oem", "unknown")


def parse_spec(top: Section) -> DeviceSpec:
    """Check and convert everything but address, values, truth and source."""
    encoding = top.word("encoding", ("utf-8", "latin-1"), "utf-8")
    sites = top.section("sites")
    rtsp, onvif, discovery = top.section("rtsp"), top.section("onvif"), top.section("discovery")
    sadp, dhip, login = top.section("sadp"), top.section("dhip"), top.section("accepts_login")
    ssdp, mdns, snmp = top.section("ssdp"), top.section("mdns"), top.section("snmp")
    fragile = top.section("fragile")
    spec = DeviceSpec(
        services=tuple(parse_service(one, encoding) for _, one in _named(top.section("services"))),
        sites={name: parse_site(site, encoding) for name, site in _named(sites)},
        rtsp=parse_rtsp(rtsp, encoding) if rtsp else None,
        onvif=parse_onvif(onvif) if onvif else None,
        ws_discovery=_ws_discovery(discovery) if discovery else None,
        sadp=tuple((key, _shown(value)) for key, value in sadp.rest()) if sadp else None,
        sadp_raw=top.text_or_none("sadp_raw"),
        dhip=_dhip(dhip) if dhip else None,
        ssdp=_ssdp(ssdp) if ssdp else None,
        mdns=_mdns(mdns) if mdns else None,
        snmp=_snmp(snmp) if snmp else None,
        login=_login(login) if login else None,
        encoding=encoding,
        fragile=parse_limits(fragile) if fragile else None,
    )
    top.close()
    _check_services(spec, top)
    return spec


def parse_truth(section: Section, values: Mapping[str, Scalar]) -> Truth:
    """Read ``truth``; model, firmware, serial and MAC come from ``values`` where it does not say."""

    def known(key: str) -> str | None:
        said = section.text_or_none(key)
        if said is not None:
            return None if said == "-" else said
        return str(values[key]) if key in values else None

    truth = Truth(
        kind=section.word("kind", KINDS),
        maker=section.text_or_none("maker"),
        brand=section.text_or_none("brand"),
        relation=section.word("relation", RELATIONS, "unknown"),
        model=known("model"),
        firmware=known("firmware"),
        serial=known("serial"),
        mac=known("mac"),
        identifiable=section.flag("identifiable", default=True),
        trap=section.text_or_none("trap"),
        hostile=section.flag("hostile", default=False),
    )
    section.close()
    return truth


def _named(things: Section | None) -> Iterator[tuple[str, Section]]:
    """Services and sites are mappings by name, so that a device can change one of its platform's."""
    for name, thing in things.rest() if things else ():
        if thing is not None and things is not None:
            yield name, Section(thing, f"{things.where}: {name}")


def _ws_discovery(section: Section) -> WsDiscovery:
    discovery = WsDiscovery(
        answers=section.texts("answers"),
        types=section.text("types", ""),
        scopes=section.texts("scopes"),
        endpoint=section.text("endpoint"),
        xaddrs=section.text("xaddrs", ""),
        metadata_version=section.whole("metadata_version", 1),
        copies=section.whole("copies", 1),
        own_port=section.flag("own_port", default=False),
        template=section.text_or_none("template"),
    )
    section.close()
    return discovery


def _dhip(section: Section) -> Dhip:
    claimed = section.take("claimed_length")
    if claimed is not None and not isinstance(claimed, int):
        raise section.fail("claimed_length", "here a whole number is needed")
    info = section.take("device_info")
    if not isinstance(info, dict):
        raise section.fail("device_info", "here a mapping is needed")
    dhip = Dhip(mac=section.text("mac"), device_info=info, claimed_length=claimed)
    section.close()
    return dhip


def _ssdp(section: Section) -> Ssdp:
    ssdp = Ssdp(server=section.text("server"), usn=section.text("usn"), location=section.text("location"))
    section.close()
    return ssdp


def _mdns(section: Section) -> Mdns:
    mdns = Mdns(
        services=section.texts("services"),
        instance=section.text("instance"),
        host=section.text("host"),
        txt=section.texts("txt"),
        port=section.whole("port", 80),
    )
    section.close()
    return mdns


def _snmp(section: Section) -> Snmp:
    community, newest = section.text("community"), section.word("newest", ("1", "2c"), "2c")
    leaves = section.section("values")
    snmp = Snmp(community, newest, {key: _shown(value) for key, value in leaves.rest()} if leaves else {})
    section.close()
    return snmp


def _login(section: Section) -> Login:
    login = Login(
        username=section.text("username"),
        password=section.text("password"),
        algorithm=section.word("algorithm", ("MD5", "SHA-256"), "MD5"),
        lock_after=section.whole("lock_after", 7),
        failed_before=section.whole("failed_before", 0),
    )
    section.close()
    return login


def _check_services(spec: DeviceSpec, top: Section) -> None:
    seen: set[tuple[str, int]] = set()
    for service in spec.services:
        key = (service.transport, service.port)
        if key in seen:
            raise top.fail("services", f"{service.transport} port {service.port} stands twice")
        seen.add(key)
        needs = {
            "http": service.site in spec.sites,
            "rtsp": spec.rtsp is not None,
            "ws-discovery": spec.ws_discovery is not None,
            "sadp": spec.sadp is not None or spec.sadp_raw is not None,
            "dhip": spec.dhip is not None,
            "ssdp": spec.ssdp is not None,
            "mdns": spec.mdns is not None,
            "snmp": spec.snmp is not None,
            "datagram": service.datagram is not None,
        }
        if not needs.get(service.speaks, True):
            raise top.fail("services", f"port {service.port} speaks {service.speaks}, but nothing describes it")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
