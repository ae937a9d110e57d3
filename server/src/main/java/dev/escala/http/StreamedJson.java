package dev.escala.http;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * The JSON of Vert.x without the tree of Jackson 2, which it would take for itself since Avro
 * brought it along: it would be started with each process, and reads some values otherwise.
 */
public final class StreamedJson implements JsonFactory {
  private static final JsonCodec CODEC = new JacksonCodec();

  @Override
  public int order() {
    return 0;
  }

  @Override
  public JsonCodec codec() {
    return CODEC;
  }
}
