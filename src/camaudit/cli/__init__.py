"""The face: commands that parse, call ``camaudit.audit``, show, and give the exit code of the contract."""
