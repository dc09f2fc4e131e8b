"""The Kafka edge: admin, headers, producer, readers and the embedded broker."""
