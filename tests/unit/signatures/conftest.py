from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_folder import write_knowledge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_knowledge(tmp_path)
