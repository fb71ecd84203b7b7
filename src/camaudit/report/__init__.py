"""Reports: in goes one ``Report``, out come the terminal summary and one file for each format.

Every format is one module with ``render(report) -> str``; ``write.FORMATS`` lists them. What they say in words
comes of ``summary`` and of the catalogue ``reports/words.yaml``. No clock, no network, no store.
"""
