package dev.escala.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.jackson.JacksonCodec;
import org.junit.jupiter.api.Test;

/** What libraries happen to be there does not choose how JSON is read. */
class StreamedJsonTest {
  @Test
  void isWhatVertxTakes() throws ClassNotFoundException {
    assertThat(Class.forName("com.fasterxml.jackson.databind.ObjectMapper")).isNotNull();
    assertThat(Json.CODEC).isExactlyInstanceOf(JacksonCodec.class);
  }
}
