"""Passwords out of the system's keyring, by the optional library ``keyring``."""

from __future__ import annotations

import importlib


def from_keyring(service: str, name: str) -> str:
    """Return what the keyring holds; raise ``ValueError`` with what to do where it gives nothing."""
    try:
        keyring = importlib.import_module("keyring")
        errors = importlib.import_module("keyring.errors")
    except ImportError:
        raise ValueError(
            "needs the library keyring: pip install 'camaudit[keyring]', or use password_env or password_file"
        ) from None
    try:
        text = keyring.get_password(service, name)
    except errors.KeyringError as error:
        raise ValueError(f"the keyring gave nothing ({type(error).__name__}); unlock it and start again") from None
    if not text:
        raise ValueError("the keyring holds nothing under this service and name; add it there")
    return str(text)
