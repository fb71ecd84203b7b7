"""camaudit: which installed cameras does some rule restrict, which rule, and what to do about each."""

__version__ = "0.1.0"
__all__ = ["__version__"]
