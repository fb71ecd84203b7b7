"""The names of those whom a report is for; the command line knows them without loading what renders."""

from __future__ import annotations

IT, FACILITIES, BOARD, AUDIT, PUBLIC = "it", "facilities", "board", "audit", "public"
AUDIENCES = (IT, FACILITIES, BOARD, AUDIT, PUBLIC)
"""Every audience; no audience is the whole report."""
