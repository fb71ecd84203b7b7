"""``python -m camaudit``."""

from camaudit.cli.main import main

main()
