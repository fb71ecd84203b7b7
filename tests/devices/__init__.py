"""camaudit against servers and virtual cameras that this project did not write (docs/devices.md)."""
