package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.source.kafka.RegistrySettings.Login;
import dev.escala.source.kafka.SchemaRegistry.Answer;
import dev.escala.testing.FreePort;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.RegistryServer;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
class SchemaRegistryTest {
  private final RegistryServer server = new RegistryServer();
  private final RecordingObserver observer = new RecordingObserver();
  private SchemaRegistry registry = open(server.endpoint(), null);

  private SchemaRegistry open(URI address, @Nullable Login login) {
    RegistryClient client =
        new RegistryClient(new RegistrySettings(address, login), Duration.ofSeconds(5));
    return new SchemaRegistry(client, "departures", observer);
  }

  @AfterEach
  void close() {
    registry.close();
    server.close();
  }

  private Answer.Known known(int id) {
    Answer answer = registry.ask(id);
    assertThat(answer).isInstanceOf(Answer.Known.class);
    return (Answer.Known) answer;
  }

  private String none(int id) {
    Answer answer = registry.ask(id);
    assertThat(answer).isInstanceOf(Answer.None.class);
    return ((Answer.None) answer).detail();
  }

  private String trouble() {
    return registry.trouble().orElse("");
  }

  @Test
  void eachSchemaIsAskedForOnce() {
    int one = server.register("\"int\"");
    int two = server.register("\"string\"");

    assertThat(known(one)).isEqualTo(known(one)).isNotEqualTo(known(two));
    assertThat(server.requests()).containsExactly("/schemas/ids/1", "/schemas/ids/2");
  }

  @Test
  void aLookDoesNotWait() {
    int id = server.register("\"int\"");

    assertThat(registry.look(id)).isEqualTo(new Answer.Later());
    eventually("it is known", () -> registry.look(id) instanceof Answer.Known);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void schemasAreKeptWithinALimit() {
    for (int i = 0; i <= SchemaRegistry.MOST_SCHEMAS; i++) {
      known(server.register("\"int\""));
    }
    assertThat(registry.size()).isEqualTo(SchemaRegistry.MOST_SCHEMAS);
    String large = "{\"type\":\"int\",\"doc\":\"%s\"}".formatted("x".repeat(900_000));
    for (int i = 0; i < 20; i++) {
      known(server.register(large));
    }
    assertThat(registry.size()).isLessThan(10);
  }

  @Test
  void whatIsNotThereIsNotAskedForAtOnceAgain() {
    for (int i = 0; i < 100; i++) {
      assertThat(none(7)).contains("id 7 is not in the registry " + server.endpoint());
    }
    assertThat(server.requests()).hasSize(1);
    assertThat(observer.all(SourceFailed.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 403, 404, 429, 500, 503})
  void whatIsNoAnswerOfARegistryIsATroubleOfNoMessage(int status) {
    int id = server.register("\"int\"");
    server.fail(status);

    assertThat(registry.ask(id)).isEqualTo(new Answer.Later());
    assertThat(registry.ask(id)).isEqualTo(new Answer.Later());
    assertThat(observer.all(SourceFailed.class)).hasSize(1);
    assertThat(trouble()).contains(Integer.toString(status)).contains("Nothing is lost");
    int before = server.requests().size();
    server.fail(0);
    eventually("it is known", () -> registry.ask(id) instanceof Answer.Known);
    assertThat(server.requests()).hasSize(before + 1);
    assertThat(observer.all(SourceRecovered.class)).hasSize(1);
    assertThat(trouble()).isEmpty();
  }

  @Test
  void anAddressWithoutARegistryIsSaid() {
    registry.close();
    registry = open(URI.create("http://localhost:" + FreePort.find()), null);
    assertThat(registry.ask(1)).isEqualTo(new Answer.Later());
    assertThat(trouble()).contains("does not answer");

    registry.close();
    registry = open(URI.create(server.endpoint() + "/wrong"), null);
    assertThat(registry.ask(1)).isEqualTo(new Answer.Later());
    assertThat(trouble()).contains("answers 404").contains("is it the URL of a registry?");
  }

  @Test
  void theLoginIsShown() {
    int id = server.register("\"int\"");
    server.demand("Basic dXNlcjpww6Rzcw==");
    assertThat(registry.ask(id)).isEqualTo(new Answer.Later());
    assertThat(trouble()).contains("refuses the login (401)");

    registry.close();
    registry = open(server.endpoint(), new Login("user", "päss"));
    known(id);
  }

  @Test
  void schemasThatNameOthersComeWhole() {
    server.answer(
        "/schemas/ids/5",
        "{\"schema\":\"\\\"a.B\\\"\",\"references\":[{\"name\":\"a.B\",\"subject\":\"b\",\"version\":1}]}");
    server.answer("/schemas/ids/5?format=resolved", "{\"schema\":\"\\\"int\\\"\"}");
    known(5);

    server.answer("/schemas/ids/6", "{\"schema\":\"\\\"long\\\"\",\"references\":[]}");
    known(6);
    assertThat(server.requests()).doesNotContain("/schemas/ids/6?format=resolved");
  }

  @Test
  void whatAvroDoesNotReadIsSaid() {
    server.answer("/schemas/ids/1", "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax\"}");
    server.answer("/schemas/ids/2", "{\"schema\":\"{\\\"type\\\":\\\"rekord\\\"}\"}");
    server.answer("/schemas/ids/3", "{\"schema\":\"" + "x".repeat(2 << 20) + "\"}");
    server.answer("/schemas/ids/4", "{\"schema\":\"{}\"}");
    String deep = "{\"type\":\"array\",\"items\":".repeat(20_000);
    server.answer("/schemas/ids/5", "{\"schema\":\"%s\"}".formatted(RegistryServer.escaped(deep)));

    assertThat(none(1)).contains("is one of PROTOBUF, not of Avro");
    assertThat(none(2)).contains("is none that Avro reads: Unknown schema");
    assertThat(none(3)).contains("has more than 1,048,576 bytes");
    assertThat(none(4)).contains("is none that Avro reads");
    assertThat(none(5)).contains("is none that Avro reads");
    assertThat(observer.all(SourceFailed.class)).isEmpty();
  }
}
