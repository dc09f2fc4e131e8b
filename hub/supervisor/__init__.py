"""`hub up`: processes, their order, health and end; and the role `broker`, which supervises a JVM."""
