"""Evidence to identification: what a device is, with the ledger that shows why.

``belief`` weighs the makers; here the device is put together: who made it, how sure, what it is and says. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from camaudit import relays
from camaudit.belief import Belief, beliefs, shares
from camaudit.branding import Label, brand_of, labels_of
from camaudit.labels import firmware_of, kind_of, state_of, value_of
from camaudit.model import Candidate, Certainty, Evidence, Identification, Kind, Strength
from camaudit.model.figures import whole_number
from camaudit.relation import relation_of
from camaudit.settings import with_settings
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import Matches

CONFIRMED, PROBABLE, POSSIBLE = 0.95, 0.80, 0.30
_HEARD = 0.79
_CONTESTED, _OUTSPOKEN = 0.94, 0.79
"""Nothing is confirmed as long as another part of the same unit says as plainly that another maker built it, and
nothing is more than possible where it says so more plainly: names on another maker's platform are a label."""
_PLAIN = (Strength.STRONG, Strength.DECISIVE)
_MACS = (
    *("mac.address", "sadp.mac", "dhip.mac", "wsd.mac", "dvrip.mac", "xm.mac", "tapo.mac"),
    *("tiandy.mac", "hanwha.mac", "bosch.mac", "ipro.mac", "vivotek.mac", "sony.mac", "reolink.mac", "kasa.mac"),
    *("vstarcam.mac", "foscam.mac", "ubiquiti.mac"),
    *("isapi.mac", "dahua.mac", "onvif.mac", "behind.mac"),
)
_VIDEO_CHANNELS = frozenset(
    {"rtsp", "onvif", "sadp", "dhip", "dvrip", "xm", "tiandy", "channel"}
    | {"hanwha", "bosch", "ipro", "vivotek", "sony", "reolink", "vstarcam", "foscam"}
)


def identify(
    fields: Mapping[str, tuple[str, ...]], matches: Matches, knowledge: Knowledge, *, ledger: bool = True
) -> Identification:
    """Say who made the device that gave ``fields``, and show why; without ``ledger`` not why."""
    evidence = matches.evidence
    shown = labels_of(evidence, knowledge)
    believed = beliefs(matches, knowledge, brand_of(evidence, shown, knowledge, None))
    candidates = _candidates(believed)
    confidence = candidates[0].confidence if candidates else 0.0
    best = believed[0] if confidence >= POSSIBLE else None
    maker = best.maker if best else None
    certainty = _certainty(confidence, best) if best else Certainty.UNKNOWN
    label = brand_of(evidence, shown, knowledge, maker)
    kind = kind_of(evidence, knowledge, maker)
    video = _is_video(fields, kind, maker, knowledge)
    told = tuple(item for item in evidence if item.extracted)
    firmware, built = firmware_of(told)
    found = Identification(
        maker=maker,
        certainty=certainty,
        confidence=round(confidence, 4),
        brand=label.brand if label else None,
        brand_name=label.name if label else None,
        relation=relation_of(label, maker, evidence, knowledge),
        kind=Kind.CAMERA if kind is Kind.UNKNOWN and _is_camera(fields, maker, certainty, video) else kind,
        video=video,
        model=value_of(told, "model"),
        firmware=firmware,
        firmware_date=built,
        serial=value_of(told, "serial"),
        mac=_mac(fields),
        channels_reported=_channels(told),
        state=with_settings(state_of(evidence), fields),
        evidence=_ledger(evidence, best, label) if ledger else (),
        candidates=tuple(c for c in candidates if c.confidence >= 0.05)[:5],
        contradictions=_contradictions(believed, knowledge, matches),
    )
    return replace(found, next_step=_next_step(found, fields))


def _candidates(believed: tuple[Belief, ...]) -> tuple[Candidate, ...]:
    candidates = shares(believed)
    if not _is_contested(believed):
        return candidates
    most = _CONTESTED if _speaks_plainly(believed[0]) else _OUTSPOKEN
    return tuple(replace(each, confidence=min(each.confidence, most)) for each in candidates)


def unconfirmed(found: Identification) -> Identification:
    """Return what may be said of a unit of which nothing is known but answers to a search of the whole network.

    Anybody on the network can send such an answer in another's name; it never makes anybody sure.
    """
    if found.certainty not in (Certainty.CONFIRMED, Certainty.PROBABLE):
        return found
    step = "Only a search of the whole network was answered in its name: look at the unit, or scan it again."
    return replace(found, certainty=Certainty.POSSIBLE, confidence=min(found.confidence, _HEARD), next_step=step)


def _is_camera(
    fields: Mapping[str, tuple[str, ...]], maker: str | None, certainty: Certainty, video: bool
) -> bool:
    """Say whether a unit of no stated kind is a camera: by its maker, or by a hint of one and a video protocol."""
    sure = certainty in (Certainty.CONFIRMED, Certainty.PROBABLE)
    speaks = any(name.partition(".")[0] in _VIDEO_CHANNELS for name in fields)
    return maker is not None and video and (sure or speaks)


def _certainty(confidence: float, best: Belief) -> Certainty:
    """Return what may be done with a maker: likely is not enough where one copied banner would do."""
    if not best.anchored or confidence < PROBABLE:
        return Certainty.POSSIBLE
    return Certainty.CONFIRMED if confidence >= CONFIRMED and len(best.counted) >= 2 else Certainty.PROBABLE


def _is_contested(believed: tuple[Belief, ...]) -> bool:
    """Say whether another maker shows itself by a strong sign where the likeliest shows nothing so plain."""
    first = believed[0].counted if believed else {}
    plain = {channel for channel, item in first.items() if item.strength in _PLAIN}
    return any(
        item.strength in _PLAIN and item.channel not in plain
        for other in believed[1:]
        for item in other.counted.values()
    )


def _speaks_plainly(belief: Belief) -> bool:
    return any(item.strength in _PLAIN for item in belief.counted.values())


def _is_video(fields: Mapping[str, tuple[str, ...]], kind: Kind, maker: str | None, knowledge: Knowledge) -> bool:
    if kind is Kind.OTHER:
        return False
    if kind is not Kind.UNKNOWN or any(name.partition(".")[0] in _VIDEO_CHANNELS for name in fields):
        return True
    if any("NetworkVideo" in value for value in fields.get("wsd.types", ())):
        return True
    return maker is not None and knowledge.entities[maker].video


def _mac(fields: Mapping[str, tuple[str, ...]]) -> str | None:
    return next(filter(None, (plain_mac(value) for name in _MACS for value in fields.get(name, ()))), None)


def plain_mac(value: str) -> str | None:
    """Return a MAC address as ``aa:bb:cc:dd:ee:ff``, however it was written; ``None`` where it is none."""
    digits = "".join(c for c in value.lower() if c in "0123456789abcdef")
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2)) if len(digits) == 12 else None


def _channels(evidence: tuple[Evidence, ...]) -> int | None:
    return whole_number(value_of(evidence, "channels") or "", 4095)


def _ledger(evidence: tuple[Evidence, ...], best: Belief | None, label: Label | None) -> tuple[Evidence, ...]:
    # What was counted may differ from what matched: a name that turned out a label counts less.
    counted = {(item.signature, item.field): item for item in best.counted.values()} if best else {}
    seen = {(item.signature, item.field): item for item in evidence} | counted
    shown = label.signature if label is not None else None
    marked = [
        # Most signs are not counted, and stay as they came.
        replace(item, counted=counts) if counts != item.counted else item
        for place, item in seen.items()
        for counts in [place in counted or item.signature == shown]
    ]
    return tuple(sorted(marked, key=lambda e: (not e.claim.startswith("maker"), -e.weight, e.signature)))


def _contradictions(believed: tuple[Belief, ...], knowledge: Knowledge, matches: Matches) -> tuple[str, ...]:
    if not believed:
        return ()
    first = believed[0]
    name = knowledge.entities[first.maker].name
    places = relays.relays(matches, first.counted, knowledge)
    found = list(dict.fromkeys(relays.SAYS[place].format(name) for place in sorted(places)))
    for other in believed[1:]:
        solid = [e for e in other.counted.values() if e.strength is not Strength.WEAK]
        if solid:
            fields = ", ".join(sorted(e.field for e in solid))
            theirs = knowledge.entities[other.maker].name
            found.append(f"{fields} point to {theirs}, while the rest points to {name}.")
    return tuple(found)


def _next_step(found: Identification, fields: Mapping[str, tuple[str, ...]]) -> str:
    if found.certainty is Certainty.CONFIRMED or not found.video:
        return ""
    if found.contradictions:
        return "Read the label on the unit: its network answers contradict each other."
    if found.certainty is Certainty.PROBABLE:
        return "Nothing needs to be done to act on this; a photo of the unit's label would settle it."
    if found.kind is Kind.RECORDER:
        return "Ask the installer for the recorder's purchase papers, or read the label on its underside."
    if "isapi.status" in fields or "onvif.answered" in fields:
        return "Give camaudit a read-only account of this unit, or photograph the label on it."
    return "Photograph the label on the unit (model, FCC ID), or ask the supplier in writing who built it."
