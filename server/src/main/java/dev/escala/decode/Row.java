package dev.escala.decode;

import dev.escala.model.SourceKind;
import java.time.Instant;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A row that fits the columns with which it was decoded.
 *
 * <p>Values are Boolean, Long, Double, BigDecimal, String, Instant, LocalDateTime, LocalDate, UUID,
 * and byte[] for jsonb, by the kind of the column.
 */
public final class Row {
  private final Object key;
  private final Instant eventTime;
  private final SourceKind source;
  private final @Nullable Object[] values;
  private final BitSet given;
  private final byte @Nullable [] extra;

  Row(
      Object key,
      Instant eventTime,
      SourceKind source,
      @Nullable Object[] values,
      BitSet given,
      byte @Nullable [] extra) {
    this.key = key;
    this.eventTime = eventTime;
    this.source = source;
    this.values = values;
    this.given = given;
    this.extra = extra;
  }

  /** A UUID or a String, as the table's {@code _id}. */
  public Object key() {
    return key;
  }

  public Instant eventTime() {
    return eventTime;
  }

  /** What brought its message. */
  public SourceKind source() {
    return source;
  }

  public @Nullable Object value(int column) {
    return values[column];
  }

  /** Whether the message had the field at all, be it null. */
  public boolean given(int column) {
    return given.get(column);
  }

  /** Fields without a column, as one JSON object. */
  public byte @Nullable [] extra() {
    return extra;
  }
}
