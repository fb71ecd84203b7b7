"""ARP below the system's own: a small privileged process, its client, and a way without privilege."""
