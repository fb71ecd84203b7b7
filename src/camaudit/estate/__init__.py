"""Many sites: in goes ``estate.yaml``, out come jobs; a job is scanned at its site, and its rows end up here.

``form`` reads the file, ``jobs`` plans, ``work`` scans one job, ``gather`` takes results in. ``here`` runs the
jobs in this process; ``broker`` hands them to workers that connect from their sites.
"""
