"""Read device files into ``Blueprint`` values.

In: ``platforms/*.yaml`` (the behaviour of one firmware platform) and ``fleet/*.yaml`` (one device each,
``like:`` a platform). Out: blueprints whose texts are filled lazily, so that a clone costs only its values.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from camaudit.errors import DataFileError
from camaudit.simulator.device import DeviceSpec, Truth
from camaudit.simulator.parse import parse_spec, parse_truth
from camaudit.simulator.placeholders import Scalar, fill_tree, settle
from camaudit.simulator.section import Section, merged

_MAX_LIKES = 6


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A device before its texts are filled."""

    id: str
    file: str
    address: str
    values: Mapping[str, Scalar]
    body: Mapping[str, object]
    """Everything else of the file, on top of its platform."""
    truth: Truth
    sources: tuple[str, ...]

    def spec(self) -> DeviceSpec:
        """Fill the texts and check every key; a mistake is a ``DataFileError`` naming the file."""
        values = settle({**self.values, "address": self.address}, self.file)
        filled = fill_tree(dict(self.body), values, self.file)
        return parse_spec(Section(filled, self.file))


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[object, object]:
    result: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            line = key_node.start_mark.line + 1
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice (line {line})")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def shipped() -> Traversable:
    """Give the folder that holds the fleet of this package."""
    return files("camaudit.simulator")


def read_fleet(root: Traversable, folder: str = "fleet") -> Iterator[Blueprint]:
    """Read every device file below ``root/folder``, in the order of their names."""
    platforms = Platforms(root / "platforms")
    for entry in sorted((root / folder).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            yield read_device(entry, platforms, folder)


class Platforms:
    """The platform files of a folder, each read once."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self._read: dict[str, Mapping[str, object]] = {}

    def platform(self, name: object, where: str) -> Mapping[str, object]:
        """Give one platform; ``where`` names the file that asks for it."""
        key = str(name)
        if key not in self._read:
            entry = self._folder / f"{key}.yaml"
            if not entry.is_file():
                raise DataFileError((f"{where}: like: there is no platforms/{key}.yaml",))
            self._read[key] = _load(entry, f"platforms/{key}.yaml")
        return self._read[key]


def read_device(entry: Traversable, platforms: Platforms, folder: str = "fleet") -> Blueprint:
    """Read one device file with the platforms it is like."""
    where = f"{folder}/{entry.name}"
    whole = _with_platforms(_load(entry, where), platforms, where)
    top = Section(whole, where)
    address = top.text("address")
    try:
        ipaddress.IPv4Address(address)
    except ValueError as wrong:
        raise DataFileError((f"{where}: address: {wrong}",)) from wrong
    sources = top.texts("source")
    if not sources:
        raise DataFileError((f"{where}: source: missing; say where what it answers comes from",))
    values = _values(top, where)
    settled = settle({**values, "address": address}, where)
    truth_tree = fill_tree(top.take("truth"), settled, where)
    truth = parse_truth(Section(truth_tree, f"{where}: truth"), settled)
    top.take("title")
    blueprint = Blueprint(
        id=entry.name.removesuffix(".yaml"),
        file=where,
        address=address,
        values=values,
        body=dict(top.rest()),
        truth=truth,
        sources=sources,
    )
    blueprint.spec()
    return blueprint


def _values(top: Section, where: str) -> dict[str, Scalar]:
    section = top.section("values")
    values: dict[str, Scalar] = {}
    for name, value in section.rest() if section else ():
        if not isinstance(value, str | int | float | bool):
            raise DataFileError((f"{where}: values: {name}: here a text or number is needed",))
        values[name] = value
    return values


def _with_platforms(own: dict[str, object], platforms: Platforms, where: str) -> dict[str, object]:
    whole = own
    for _ in range(_MAX_LIKES):
        like = whole.pop("like", None)
        if like is None:
            return whole
        below = dict(platforms.platform(like, where))
        sources = _listed(below.pop("source", None)) + _listed(whole.get("source"))
        below_like = below.get("like")
        whole = merged(below, whole)
        whole["source"] = sources
        if below_like is not None:
            whole["like"] = below_like
    raise DataFileError((f"{where}: like: more than {_MAX_LIKES} platforms deep; is there a circle?",))


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _load(entry: Traversable, where: str) -> dict[str, object]:
    try:
        loaded = yaml.load(entry.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise DataFileError((f"{where}: {' '.join(str(wrong).split())}",)) from wrong
    if not isinstance(loaded, dict):
        raise DataFileError((f"{where}: here a mapping is needed",))
    return {str(key): value for key, value in loaded.items()}
