package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escala.testing.NodePackages;
import dev.escala.testing.PostgresServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A database as an OpenAPI document. */
@Tag("integration")
class OpenApiTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE flights (id int PRIMARY KEY, carrier varchar(3) NOT NULL, tags text[], seen timestamptz, doc jsonb);
        COMMENT ON TABLE flights IS E'What flies\\nEach flight once.';
        COMMENT ON COLUMN flights.carrier IS 'who flies';
        CREATE TABLE "odd näme" (a int);
        CREATE TABLE events (n int, _id text, _event_time timestamptz, _received_at timestamptz, _source text);
        CREATE FUNCTION late(above int, most int DEFAULT 10) RETURNS SETOF flights STABLE LANGUAGE sql
          AS 'SELECT * FROM flights';
        CREATE FUNCTION done() RETURNS void STABLE LANGUAGE sql AS 'SELECT NULL::void'\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static JsonNode document() {
    HttpResponse<String> answer = served.get("/db", "Accept", "application/openapi+json");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("application/openapi+json; charset=utf-8");
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void relationsArePathsAndSchemas() {
    JsonNode api = document();
    assertThat(api.path("openapi").stringValue()).isEqualTo("3.1.0");
    JsonNode get = api.at("/paths/~1flights/get");
    assertThat(get.path("summary").stringValue()).isEqualTo("What flies");
    assertThat(get.path("description").stringValue()).isEqualTo("Each flight once.");
    JsonNode columns = api.at("/components/schemas/flights/properties");
    assertThat(columns.at("/id/type").stringValue()).isEqualTo("integer");
    assertThat(columns.at("/id/description").stringValue()).contains("<pk/>");
    assertThat(columns.at("/carrier/maxLength").intValue()).isEqualTo(3);
    assertThat(columns.at("/carrier/description").stringValue()).isEqualTo("who flies");
    assertThat(columns.at("/tags/items/type").stringValue()).isEqualTo("string");
    assertThat(columns.at("/seen/format").stringValue()).isEqualTo("date-time");
    assertThat(api.at("/components/schemas/flights/required").toString())
        .isEqualTo("[\"id\",\"carrier\"]");
    assertThat(api.at("/paths/~1odd%20n%C3%A4me").isMissingNode()).isFalse();
  }

  @Test
  void oneCanListenToTablesOfTopicsAlone() {
    JsonNode paths = document().path("paths");
    String content = "/get/responses/200/content";
    assertThat(paths.at("/~1events" + content).has("text/event-stream")).isTrue();
    assertThat(paths.at("/~1flights" + content).has("text/event-stream")).isFalse();
    assertThat(paths.at("/~1flights" + content).has("text/csv")).isTrue();
  }

  @Test
  void functionsArePathsToo() {
    JsonNode api = document();
    JsonNode body = api.at("/paths/~1rpc~1late/post/requestBody/content/application~1json/schema");
    assertThat(body.path("required").toString()).isEqualTo("[\"above\"]");
    assertThat(body.at("/properties/most/type").stringValue()).isEqualTo("integer");
    assertThat(api.at("/paths/~1rpc~1late/get/parameters").size()).isEqualTo(2);
    assertThat(api.at("/paths/~1rpc~1done/get/responses/204").isMissingNode()).isFalse();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    JsonNode api = document();
    List<String> references = new ArrayList<>();
    for (JsonNode node : api.findValues("$ref")) {
      references.add(node.stringValue());
    }
    assertThat(references).isNotEmpty();
    assertThat(references)
        .allSatisfy(
            reference -> {
              assertThat(reference).matches("#/components/[a-z]+/[A-Za-z0-9._-]+");
              assertThat(api.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
            });
  }

  @Test
  void withoutAskingForItThereIsTheIndex() {
    assertThat(served.get("/db").body()).contains("\"relations\"");
  }

  /** Needs Node.js, and the package in a folder of {@code NODE_PATH}. */
  @Test
  void aLinterHasNothingToSay(@TempDir Path folder) throws Exception {
    String linter = "@redocly/openapi-core";
    assumeThat(NodePackages.has(linter)).as("SKIPPED: NODE_PATH has no " + linter).isTrue();
    Path document = folder.resolve("openapi.json");
    Files.writeString(document, document().toString());
    URI script = Objects.requireNonNull(OpenApiTest.class.getResource("openapi-lint.cjs")).toURI();
    Process node =
        new ProcessBuilder("node", Path.of(script).toString(), document.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEmpty();
    assertThat(node.waitFor()).isZero();
  }
}
