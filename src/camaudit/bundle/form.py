"""The files of a bundle, and the words that tell a stranger how to check it."""

from __future__ import annotations

RUN = "run"
"""Folder of the run: one file of JSON lines for each table."""
KNOWLEDGE = "knowledge"
"""Folder of the knowledge base as it was: ``signatures`` and ``policies``."""
INPUTS = "inputs"
"""Folder of the operator's own files: site and waivers."""
REPORTS = "reports"
JUDGING = "judging.json"
"""How the run was judged: the day, the packs that were asked for, and by which camaudit."""
README = "README.txt"
SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
SIGNERS = "allowed_signers"
UNHASHED = frozenset({SUMS, SIGNATURE, SIGNERS})
"""What the list of hashes cannot hold: itself, and what vouches for it."""

NAMESPACE = "camaudit-bundle"
"""What the signature is for; one made for another purpose does not pass."""
IDENTITY = "camaudit"
SCHEMA = "camaudit/bundle@1"

TEXT = f"""This folder is the evidence of one camera audit, made by camaudit.

  run/         what was read from the network, row by row, as it arrived
  knowledge/   the signatures and the rules that it was judged by
  inputs/      the site file and the waivers, where there were any
  reports/     the reports made from it

To check it you need nothing of camaudit. In this folder:

  ssh-keygen -Y verify -f {SIGNERS} -I {IDENTITY} -n {NAMESPACE} -s {SIGNATURE} < {SUMS}
  sha256sum -c --quiet {SUMS}

The first line says who signed the list of hashes, the second that no file was changed since. The file
{SIGNERS} holds the signer's public key as this folder brings it: whoever changed the folder could
have changed that too. Ask the signer for the key's fingerprint by another way, and compare it with

  ssh-keygen -l -f {SIGNERS}

`camaudit verify FOLDER` does the same, looks for files that were added, and judges the run again.

The reports and the run hold addresses and serial numbers of cameras. Keep them as you would keep keys.
"""
