package dev.escala.serve.database;

/**
 * What is wrong with a published query.
 *
 * @param isPublished whether it is served all the same
 * @param isEarly whether it only waits for a table that the first message of a topic makes
 * @param detail for who wrote it, with the place in its file
 */
public record QueryTrouble(String query, boolean isPublished, boolean isEarly, String detail) {}
