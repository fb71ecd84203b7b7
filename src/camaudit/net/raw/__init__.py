"""Below the system's own network: small privileged processes for ARP and for listening, and a way without."""
