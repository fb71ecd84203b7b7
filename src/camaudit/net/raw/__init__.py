"""Below the system's own network: small privileged processes for ARP and for listening, and a way without."""

# Isolated (-I), so that no folder of that name in the current one is run with privilege; our own root comes last,
# and of two installed copies it is this one that runs.
BEGIN = (
    "import sys; sys.path.append(sys.argv[1]); import camaudit; camaudit.__path__ = [sys.argv[1] + '/camaudit']; "
)
"""How a process of ours with privilege begins: ``python -I -c BEGIN...`` with the root of our code behind it."""
