"""Builders of reports for tests: a school with every verdict, hostile devices, and an empty scan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from camaudit.model import (
    Candidate,
    Certainty,
    Citation,
    Coverage,
    Device,
    DeviceState,
    DocumentNote,
    Evidence,
    Finding,
    HostCoverage,
    Identification,
    Kind,
    Outcome,
    Relation,
    Report,
    Run,
    Severity,
    Site,
    Strength,
    Verdict,
    Waiver,
)
from camaudit.plan import plan

TODAY = date(2026, 11, 24)
NAMES = {
    "hikvision": "Hikvision",
    "dahua": "Dahua",
    "axis": "Axis",
    "lts": "LTS",
    "hilook": "HiLook",
    "us-federal-contractor": "US federal contractors",
    "uk-public-body-baseline": "UK public bodies: baseline",
}

HOSTILE = (
    "<script>document.title='owned'</script>",
    "\x1b[2J\x1b]0;owned\x07red",
    "=cmd|' /C calc'!A0",
    "{{7*7}}{% raw %}${7*7}",
    "a\x00b\x9b31mc\u202edrow\ud800 \r\n\tline",
    "枪型摄像机 海康威视",
    '"><img src=http://203.0.113.9/x onerror=alert(1)>',
    "[bold red]markup[/bold red] [link=http://203.0.113.9]x[/link]",
)
"""What a device may call itself."""

CONTRACTOR = Citation(
    instrument="us-ndaa2019-889-a1b",
    title="Section 889(a)(1)(B)",
    citation="Pub. L. 115-232, s.889(a)(1)(B); FAR 52.204-25",
    url="https://www.acquisition.gov/far/52.204-25",
    known_as_of="2026-05",
    binds="US federal contractors and bidders",
    asks="Do not use listed equipment anywhere in the business.",
    confidence="high",
    documents=(
        DocumentNote("doc-002", "A repost", "Wholly shut out in 2022.", "The order of 2022 is about approvals."),
    ),
)
ADVICE = Citation(
    instrument="uk-gdpr-ico-video",
    title="ICO guidance on video surveillance",
    citation="ICO video surveillance guidance; UK GDPR art. 32",
    url="javascript:alert(1)",
    known_as_of="2026-06",
    binds="Everyone who runs cameras in the UK",
    asks="Keep the footage secure.",
    confidence="medium",
    recheck=True,
)


def evidence(signature: str = "hikvision-sadp", **changes: object) -> Evidence:
    """Return one piece of evidence."""
    known: dict[str, object] = {
        "signature": signature,
        "claim": "maker=hikvision",
        "channel": "sadp",
        "field": "sadp.reply",
        "weight": 6.2,
        "excerpt": "ProbeMatch",
        "strength": Strength.DECISIVE,
        "basis": "vendor_doc",
        "source": "SADP manual",
        "counted": True,
    }
    return Evidence(**{**known, **changes})  # type: ignore[arg-type]  # a builder: each test names what it needs


def identification(**changes: object) -> Identification:
    """Return an identification, of a certain Hikvision unless told otherwise."""
    known: dict[str, object] = {
        "maker": "hikvision",
        "certainty": Certainty.CONFIRMED,
        "confidence": 0.993,
        "brand": "hikvision",
        "relation": Relation.OWN_BRAND,
        "kind": Kind.CAMERA,
        "video": True,
        "model": "DS-2CD2143G0-I",
        "firmware": "V5.5.82 build 190120",
        "firmware_date": date(2019, 1, 20),
        "serial": "DS-2CD2143G0-I20190120AAWR123456789",
        "mac": "44:19:b6:00:00:01",
        "state": DeviceState(activated=True, cloud="disabled", locked=False),
        "evidence": (
            evidence(),
            evidence(
                "hikvision-http-server",
                channel="http",
                field="http.server",
                weight=3.4,
                excerpt="App-webs/",
                strength=Strength.STRONG,
                basis="expert",
                source="public captures",
            ),
            evidence(
                "hikvision-realm",
                channel="http",
                field="http.realm",
                weight=2.1,
                excerpt="DS-2CD2143G0-I",
                strength=Strength.MEDIUM,
                basis="expert",
                source="public captures",
                counted=False,
            ),
            evidence(
                "hikvision-sadp-model",
                claim="model",
                field="sadp.device_description",
                weight=0.0,
                excerpt="DS-2CD2143G0-I",
                extracted={"model": "DS-2CD2143G0-I"},
                counted=False,
            ),
        ),
        "candidates": (Candidate("hikvision", 0.993),),
    }
    return Identification(**{**known, **changes})  # type: ignore[arg-type]  # a builder, as above


def device(number: int, **changes: object) -> Device:
    """Return a device at the ``number``th address."""
    return Device(
        id=f"dev-{number:03d}",
        address=f"127.77.0.{number}",
        identification=identification(**changes),
        first_seen=TODAY,
    )


def finding(of: Device, verdict: Verdict, **changes: object) -> Finding:
    """Return a finding of a device."""
    known: dict[str, object] = {
        "device": of.id,
        "policy": "us-federal-contractor",
        "rule": "covered-maker-in-use",
        "title": "Equipment of a named maker is in use",
        "verdict": verdict,
        "severity": Severity.CRITICAL,
        "reason": "This camera was built by Hikvision, which the rule names, and it is in use.",
        "citations": (CONTRACTOR,),
        "remedy": "replace" if verdict is Verdict.VIOLATION else "",
        "due": date(2027, 2, 1) if verdict is Verdict.VIOLATION else None,
    }
    return Finding(**{**known, **changes})  # type: ignore[arg-type]  # a builder, as above


WHO_PAID = "Does US federal award money pay today for the renewal, support or cloud service of these cameras?"
WAIVER = Waiver(
    "covered-maker-in-use",
    ("127.77.0.4",),
    "Replacement ordered, see order 4711",
    "A. Head",
    date(2026, 9, 1),
    date(2027, 3, 1),
    "order 4711",
)


def hostile_device(number: int, text: str) -> Device:
    """Return a device that writes ``text`` wherever it may write."""
    return device(
        number,
        maker=None,
        certainty=Certainty.UNKNOWN,
        confidence=0.12,
        brand="strange",
        brand_name=text,
        relation=Relation.UNKNOWN,
        model=text,
        firmware=text,
        firmware_date=None,
        serial=text,
        evidence=(evidence("any", claim="brand=as written", excerpt=text, extracted={"brand": text}, weight=0.0),),
        candidates=(Candidate("hikvision", 0.12),),
        contradictions=(f"It says {text}",),
        next_step="Photograph the label on the unit.",
    )


def _devices() -> tuple[Device, ...]:
    return (
        device(2),
        device(
            3, brand="lts", relation=Relation.OEM, model="CMIP3432", certainty=Certainty.PROBABLE, confidence=0.86
        ),
        device(4, brand="hilook", relation=Relation.SUBSIDIARY, model="IPC-T240H"),
        device(5, maker="dahua", brand="dahua", kind=Kind.RECORDER, model="NVR4216", channels_reported=16),
        device(
            6,
            certainty=Certainty.POSSIBLE,
            confidence=0.55,
            brand=None,
            relation=Relation.UNKNOWN,
            model=None,
            contradictions=("http.server points to Dahua, while the rest points to Hikvision.",),
            candidates=(Candidate("hikvision", 0.55), Candidate("dahua", 0.3)),
            next_step="Read the label on the unit: its network answers contradict each other.",
        ),
        device(7, maker="axis", brand="axis", model="P3245-LV", firmware="10.12.182", evidence=()),
        device(
            8,
            maker=None,
            certainty=Certainty.UNKNOWN,
            confidence=0.0,
            brand=None,
            kind=Kind.OTHER,
            video=False,
            relation=Relation.UNKNOWN,
            model=None,
            evidence=(),
        ),
    )


def _findings(devices: tuple[Device, ...]) -> tuple[Finding, ...]:
    two, three, four, five, six, seven = devices[:6]
    return (
        finding(two, Verdict.VIOLATION),
        finding(
            two,
            Verdict.COMPLIANT,
            policy="uk-public-body-baseline",
            rule="no-brand-rule",
            severity=Severity.INFO,
            title="No rule on the make",
            reason="No rule here speaks of who built a camera.",
            citations=(ADVICE,),
        ),
        finding(three, Verdict.VIOLATION, due=date(2026, 12, 31)),
        finding(four, Verdict.VIOLATION, waiver=WAIVER),
        finding(five, Verdict.REVIEW, question=WHO_PAID, reason="Who pays is not known.", remedy="attest"),
        finding(six, Verdict.REVIEW, question=WHO_PAID, reason="Who pays is not known.", remedy="attest"),
        finding(
            six,
            Verdict.REVIEW,
            rule="cloud",
            title="Cloud service is switched on",
            remedy="configure",
            question="Is the maker's cloud service needed here?",
            reason="It says so itself.",
            citations=(ADVICE,),
        ),
        finding(seven, Verdict.COMPLIANT, reason="Axis is not named by this rule."),
    )


def school(*extra: Device) -> Report:
    """Return the report of a site with every verdict; ``extra`` devices get a review each."""
    devices = (*_devices(), *extra)
    asked = tuple(
        finding(
            each,
            Verdict.REVIEW,
            remedy="investigate",
            reason=f"Not certain: {each.identification.model}",
            question="Who built this camera? Photograph the label on the unit.",
        )
        for each in extra
    )
    findings = (*_findings(devices), *asked)
    hosts = (
        *(
            HostCoverage(d.address, "answered", {"http": Outcome.ANSWERED, "rtsp": Outcome.SILENT})
            for d in devices
        ),
        HostCoverage("127.77.0.99", "refused", {"http": Outcome.REFUSED}, ("connection reset",)),
    )
    return Report(
        run=_run(),
        site=Site("St Example School", "GB-ENG", "school", {"holds_us_federal_contracts": True}),
        judged_as_of=TODAY,
        devices=devices,
        findings=findings,
        plan=plan(devices, findings, TODAY),
        coverage=Coverage(
            256, len(devices), 255 - len(devices), 1, hosts=hosts, limits=("Multicast could not be sent.",)
        ),
        policies=("us-federal-contractor", "uk-public-body-baseline"),
        notices=("The waiver of cloud for 127.77.0.9, granted by A. Head, ran out on 2026-10-01.",),
        names=NAMES,
    )


def hostile_school() -> Report:
    """Return the school with one more device for each hostile text."""
    return school(*(hostile_device(20 + n, text) for n, text in enumerate(HOSTILE)))


def estate(count: int) -> Report:
    """Return the report of many cameras, each with a serial, a MAC and three pieces of evidence of its own."""
    devices = tuple(_unit(number) for number in range(count))
    broken = tuple(finding(each, Verdict.VIOLATION) for each in devices[::3])
    paid = {"question": WHO_PAID, "reason": "Who pays is not known.", "remedy": "attest"}
    asked = tuple(finding(each, Verdict.REVIEW, **paid) for n, each in enumerate(devices) if n % 3)
    told = {"http": Outcome.ANSWERED, "rtsp": Outcome.SILENT, "onvif": Outcome.ANSWERED}
    hosts = tuple(HostCoverage(each.address, "answered", told) for each in devices)
    return replace(
        school(),
        devices=devices,
        findings=(*broken, *asked),
        plan=plan(devices, (*broken, *asked), TODAY),
        coverage=Coverage(2 * count, count, count, 0, hosts=hosts),
    )


def _unit(number: int) -> Device:
    serial = f"DS-2CD2143G0-I2019{number:08d}"
    read = tuple(
        evidence(
            f"hikvision-sign-{place}",
            channel="http",
            field="http.server",
            excerpt=f"{serial}/{place}" if place < 3 else f"App-webs/{place}",
        )
        for place in range(12)
    )
    mac = f"44:19:b6:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    unit = device(2, serial=serial, mac=mac, model=f"DS-2CD{number % 40:02d}", evidence=read)
    address = f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
    return replace(unit, id=f"dev-{number:06d}", address=address)


def nothing_found(answered: int = 0) -> Report:
    """Return the report of a scan that found no camera."""
    return Report(
        run=_run(),
        site=Site("St Example School"),
        judged_as_of=TODAY,
        devices=(),
        findings=(),
        plan=(),
        coverage=Coverage(256, answered, 256 - answered, 0),
    )


def _run() -> Run:
    return Run(
        id="2026-11-24-0830-school",
        started=datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
        finished=datetime(2026, 11, 24, 8, 34, 12, tzinfo=UTC),
        tool_version="0.1.0",
        scope=("127.77.0.0/24",),
        excluded=("127.77.0.250",),
        knowledge={"signatures": "sha256:1f0c", "policies": "sha256:9ab2", "oui": "2026-10-24"},
    )
