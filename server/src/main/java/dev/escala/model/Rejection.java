package dev.escala.model;

import org.jspecify.annotations.Nullable;

/**
 * Why a message cannot become a row.
 *
 * @param reason the class of the reason
 * @param column the column or field that it is about, where it is about one
 * @param detail one sentence for people, with what to do where there is something to do; never the
 *     whole message
 * @param sqlState the SQLSTATE, where the database rejected the row
 */
public record Rejection(
    ReasonCode reason, @Nullable String column, String detail, @Nullable String sqlState) {

  public static Rejection of(ReasonCode reason, String detail) {
    return new Rejection(reason, null, detail, null);
  }

  public static Rejection of(ReasonCode reason, String column, String detail) {
    return new Rejection(reason, column, detail, null);
  }
}
