package dev.escala.source.kafka;

import dev.escala.observe.Observer;

/** Makes what opens the values of a source. */
final class ValueOpenings {
  private ValueOpenings() {}

  static ValueOpening open(KafkaSettings settings, Observer observer) {
    return switch (settings.format()) {
      case ValueFormat.Json() -> new Unopened();
      case ValueFormat.AvroBySchema(String schema) -> new OpenedBySchema(AvroValues.of(schema));
      case ValueFormat.AvroByRegistry(RegistrySettings registry, boolean orJson) ->
          new OpenedByRegistry(
              new SchemaRegistry(
                  new RegistryClient(registry, RegistryClient.PATIENCE),
                  settings.topic(),
                  observer),
              orJson);
    };
  }
}
