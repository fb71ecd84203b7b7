"""Imports: in go files that other tools and people wrote, out come observations; nothing is ever sent."""

from camaudit.imports.capture import is_private, read_stream
from camaudit.imports.columns import chosen_columns
from camaudit.imports.entry import Imported
from camaudit.imports.placing import nearest, place, settle, without_uplinks
from camaudit.imports.reading import KINDS, read_file

__all__ = [
    "KINDS",
    "Imported",
    "chosen_columns",
    "is_private",
    "nearest",
    "place",
    "read_file",
    "read_stream",
    "settle",
    "without_uplinks",
]
