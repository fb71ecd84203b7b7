"""What camaudit knows, loaded once for all tests of a process: it takes most of a second, and none changes it."""

from __future__ import annotations

from camaudit.catalogue import load_catalogue

CATALOGUE = load_catalogue()
