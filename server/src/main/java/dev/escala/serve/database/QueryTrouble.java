package dev.escala.serve.database;

/**
 * What is wrong with a published query.
 *
 * @param isPublished whether it is served all the same
 * @param detail for who wrote it, with the place in its file
 */
public record QueryTrouble(String query, boolean isPublished, String detail) {}
