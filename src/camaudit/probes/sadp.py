"""Hikvision's device search (SADP, UDP 37020): in goes a datagram, out come ``sadp.*`` fields.

Only the plain inquiry is ever sent, in the vendor's own bytes: other types change the device, and a malformed one
can overflow its parser (CVE-2025-66176, CVE-2025-66177).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.markup import read_markup
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram

PORT = 37020
GROUPS = ("239.255.255.250",)
WAIT_S = 1.0

_ROOT = "ProbeMatch"

_ELEMENTS = {
    "DeviceDescription": "sadp.device_description",
    "DeviceType": "sadp.device_type",
    "DeviceSN": "sadp.device_sn",
    "SoftwareVersion": "sadp.software_version",
    "DSPVersion": "sadp.dsp_version",
    "MAC": "sadp.mac",
    "OEMCode": "sadp.oem_code",
    "OEMInfo": "sadp.oem_info",
    "DetailOEMCode": "sadp.detail_oem_code",
    "SpecificDeviceType": "sadp.specific_device_type",
    "Manufacturer": "sadp.manufacturer",
    "BaseDesc": "sadp.base_desc",
    "EZVIZCode": "sadp.ezviz_code",
    "Activated": "sadp.activated",
    "HCPlatformEnable": "sadp.hc_platform_enable",
    "SupportHCPlatform": "sadp.support_hc_platform",
    "DeviceLock": "sadp.device_lock",
    "DigitalChannelNum": "sadp.digital_channels",
    "AnalogChannelNum": "sadp.analog_channels",
    "IPv4Address": "sadp.ipv4",
    "HttpPort": "sadp.http_port",
}
"""Elements of the reply and their fields. Values stay as sent: DeviceLock and others say ``flase`` for no."""


def request(new_id: Callable[[], str] = lambda: str(uuid4())) -> bytes:
    """Return the inquiry with a fresh identifier in capitals, as the vendor's tool sends it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f"<Probe><Uuid>{new_id().upper()}</Uuid><Types>inquiry</Types></Probe>"
    ).encode("ascii")


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of a reply, or ``None`` where it is none (an echoed ``Probe`` is none)."""
    markup = read_markup(datagram)
    if markup is None or markup.root.lower() != _ROOT.lower():
        return None
    whole = markup.is_well_formed and _is_utf8(datagram)
    fields: Fields = {"sadp.reply": (_ROOT if whole else f"{_ROOT}, broken",)}
    fields |= {field: markup.values(element) for element, field in _ELEMENTS.items()}
    return {name: values for name, values in fields.items() if values}


def _is_utf8(datagram: bytes) -> bool:
    try:
        datagram.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the inquiry to one host."""
    record = Record(host, port, "sadp", now)
    return await ask_by_datagram(record, (request(),), parse, wait_s=WAIT_S)
