package dev.escala.store;

/** Where the messages of one topic are kept. */
public record TopicStore(TableShape shape, TableWriter writer) {}
