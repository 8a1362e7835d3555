"""Rules and values of the domain, on the shipped catalogue."""
