package dev.escala.model;

/** A message as it was published: the topic, the bytes of its body, and where it came from. */
public record Message(String topic, Payload payload, Origin origin) {}
