package dev.escala.source.kafka;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Values of Avro that all have one schema: plain, or each with a mark and its fingerprint. */
final class OpenedBySchema implements ValueOpening {
  private static final int MARK = 0xC301;
  private static final int HEAD = Short.BYTES + Long.BYTES;

  private final AvroValues values;
  private final Optional<Opener> always;

  OpenedBySchema(AvroValues values) {
    this.values = values;
    this.always = Optional.of(this::open);
  }

  @Override
  public Optional<Opener> opener(byte[] value, boolean waits) {
    return always;
  }

  private Opened open(byte[] value) {
    return values.open(value, isSingleObject(value) ? HEAD : 0);
  }

  /** A mark without the fingerprint may be the first field of a plain one. */
  private boolean isSingleObject(byte[] value) {
    if (value.length < HEAD) {
      return false;
    }
    ByteBuffer head = ByteBuffer.wrap(value);
    return (head.getShort() & 0xFFFF) == MARK
        && head.order(ByteOrder.LITTLE_ENDIAN).getLong() == values.fingerprint();
  }
}
