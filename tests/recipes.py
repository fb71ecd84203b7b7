"""The worked examples of CONTRIBUTING.md, as code and data."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from camaudit.resources import data_root


def blocks(recipe: str, language: str) -> list[str]:
    """Return what the steps of one recipe show in this language; skips where the guide is not packaged."""
    guide = Path(str(data_root())) / "CONTRIBUTING.md"
    if not guide.is_file():
        pytest.skip("the guide is not packaged; this is for the checkout")
    text = guide.read_text("utf-8").partition(f"## Recipe: {recipe}\n")[2].partition("\n## ")[0]
    return [textwrap.dedent(block) for block in re.findall(rf" *```{language}\n(.*?)```", text, re.DOTALL)]
