package dev.escala.serve.database;

import java.time.Duration;

/**
 * Where the rows of a relation are whose time is too long ago for them to be here.
 *
 * @param location of their table
 * @param after how long ago the time is of rows that may be there alone
 */
public record PastRows(String location, Duration after) {}
