package dev.escala.decode;

import dev.escala.model.SourceKind;
import java.math.BigDecimal;
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
  private final Version version;
  private final @Nullable Object[] values;
  private final BitSet given;
  private final Documents documents;
  private final boolean deletes;

  private Row(
      Version version,
      @Nullable Object[] values,
      BitSet given,
      Documents documents,
      boolean deletes) {
    this.version = version;
    this.values = values;
    this.given = given;
    this.documents = documents;
    this.deletes = deletes;
  }

  /**
   * Which row it is, and which version of it.
   *
   * @param key a UUID or a String, as the table's {@code _id}
   * @param source what brought its message
   * @param sequence the place of its message among those that its source keeps in order, if it does
   */
  record Version(Object key, Instant eventTime, SourceKind source, @Nullable BigDecimal sequence) {}

  /**
   * What it has beside the values of its columns, each as JSON.
   *
   * @param extra fields without a column, one object
   * @param issues what was done to its values, an array
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one row and is never compared
  record Documents(byte @Nullable [] extra, byte @Nullable [] issues) {
    static final Documents NONE = new Documents(null, null);
  }

  /** A row that is to be stored. */
  static Row of(Version version, @Nullable Object[] values, BitSet given, Documents documents) {
    return new Row(version, values, given, documents, false);
  }

  /** That the row is to be taken away, unless a later version is there. */
  static Row deletion(Version version) {
    return new Row(version, new @Nullable Object[0], new BitSet(), Documents.NONE, true);
  }

  /** A UUID or a String, as the table's {@code _id}. */
  public Object key() {
    return version.key();
  }

  public Instant eventTime() {
    return version.eventTime();
  }

  /** What brought its message. */
  public SourceKind source() {
    return version.source();
  }

  /** The place of its message among those that its source keeps in order; null if it does not. */
  public @Nullable BigDecimal sequence() {
    return version.sequence();
  }

  /** Whether it takes the row away rather than storing one; then it has no values. */
  public boolean deletes() {
    return deletes;
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
    return documents.extra();
  }

  /** What was done to its values so that they could be stored, as a JSON array. */
  public byte @Nullable [] issues() {
    return documents.issues();
  }
}
