package dev.escala.store;

/** Where the messages of one topic are kept, and the markers of the canary among them. */
public record TopicStore(TableShape shape, TableWriter writer, Canaries canaries) {}
