"""A real WordPress of Debian's packages to read with the hub, and what the sandbox's answers differently."""
