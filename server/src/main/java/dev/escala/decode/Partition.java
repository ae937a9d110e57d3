package dev.escala.decode;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The span of event times, in UTC, whose rows stand in a partition of their own. */
public enum Partition {
  NONE,
  DAY,
  MONTH;

  /** The first day of the partition of a time. */
  public LocalDate start(Instant time) {
    LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);
    return this == MONTH ? day.withDayOfMonth(1) : day;
  }

  /** The first day of the partition that comes so many after this one. */
  public LocalDate after(LocalDate start, int many) {
    return this == MONTH ? start.plusMonths(many) : start.plusDays(many);
  }
}
