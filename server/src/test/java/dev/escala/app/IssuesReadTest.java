package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code _issues} is read like any column. */
@Tag("integration")
class IssuesReadTest {
  private static final String CONFIGURATION =
      """
      databases: {db: {url: "${URL}"}}
      topics: {flights: {table: db.flights, key: $.id, issues: true, coerce: lenient}}
      canary: {enabled: false}
      """;

  private final Database database = PostgresServer.newDatabase();

  @Test
  void itIsSelectedAndFilteredBy() {
    try (RunningServer server = RunningServer.start(CONFIGURATION, database, Map.of())) {
      server.post("/topics/flights", "{\"id\":\"a\",\"delay\":1}");
      server.post("/topics/flights", "{\"id\":\"b\",\"delay\":\"2\"}");
      eventually("it is known", () -> server.get("/db/flights?limit=1").statusCode() == 200);
      String entry =
          "{\"to\":\"bigint\",\"from\":\"string\",\"issue\":\"coerced\",\"column\":\"delay\"}";
      assertThat(server.get("/db/flights?select=id,_issues&order=id").body().replace(" ", ""))
          .isEqualTo(
              "[{\"id\":\"a\",\"_issues\":null},\n{\"id\":\"b\",\"_issues\":[" + entry + "]}]");
      assertThat(server.get("/db/flights?select=id&_issues=is.null").body())
          .isEqualTo("[{\"id\":\"a\"}]");
      String delay = URLEncoder.encode("[{\"column\":\"delay\"}]", StandardCharsets.UTF_8);
      assertThat(server.get("/db/flights?select=id&_issues=cs." + delay).body())
          .isEqualTo("[{\"id\":\"b\"}]");
      assertThat(server.get("/db/flights?select=id,_issues-%3E0-%3E%3Eissue&id=eq.b").body())
          .contains("coerced");
    }
  }
}
