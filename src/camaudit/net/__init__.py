"""The wire: scope, the gate that every packet passes, discovery, and replay for tests."""
