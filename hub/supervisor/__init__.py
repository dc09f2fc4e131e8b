"""`hub up`: processes, their order, health and end, Kafka's JVM among them; and the role `broker`, which runs that alone."""
