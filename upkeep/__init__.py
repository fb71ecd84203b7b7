"""What keeps camaudit trustworthy over the years: renewing what it knows, and the checks before a release.

``python -m upkeep.release`` runs every check; the other modules are its parts and the refresh commands that
``docs/upkeep.md`` describes. Nothing here is installed with camaudit.
"""
