package dev.escala.source.kafka;

import dev.escala.model.ReasonCode;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Values of Avro behind a zero and the id of their schema in four bytes. */
final class OpenedByRegistry implements ValueOpening {
  private static final int HEAD = 1 + Integer.BYTES;

  private static final Opener NO_HEAD =
      value ->
          Opened.rejected(
              value,
              ReasonCode.PAYLOAD_MALFORMED,
              "The value does not begin with a zero and the id of a schema, as values of a schema"
                  + " registry do. With format: auto it would be taken as JSON.");

  private final SchemaRegistry registry;
  private final Optional<Opener> withoutHead;

  OpenedByRegistry(SchemaRegistry registry, boolean orJson) {
    this.registry = registry;
    this.withoutHead = Optional.of(orJson ? Unopened.AS_IT_IS : NO_HEAD);
  }

  @Override
  public Optional<Opener> opener(byte[] value, boolean waits) {
    if (value.length < HEAD || value[0] != 0) {
      return withoutHead;
    }
    int id = ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
    return switch (waits ? registry.ask(id) : registry.look(id)) {
      case SchemaRegistry.Answer.Known(var values) ->
          Optional.of(record -> values.open(record, HEAD));
      case SchemaRegistry.Answer.None(var detail) ->
          Optional.of(record -> Opened.rejected(record, ReasonCode.PAYLOAD_SCHEMA_MISSING, detail));
      case SchemaRegistry.Answer.Later() -> Optional.empty();
    };
  }

  @Override
  public Optional<String> trouble() {
    return registry.trouble();
  }

  @Override
  public void close() {
    registry.close();
  }
}
