package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.CorsSettings;
import dev.escala.testing.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class ServerTimingTest {
  private static final String DURATION = ";dur=\\d+\\.\\d";

  @Test
  void answersTellTheirPhases() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        "CREATE TABLE few (id int PRIMARY KEY); CREATE TABLE many AS SELECT generate_series(1,"
            + " 2000)");
    try (ServedDatabase served =
        new ServedDatabase(ServedDatabase.settings(database.url()), CorsSettings.ANY, true)) {
      dev.escala.testing.Eventually.eventually(
          "the catalog is loaded", () -> served.get("/db").statusCode() == 200);
      String all = "parse%1$s, plan%1$s, transaction%1$s, response%1$s".formatted(DURATION);
      for (String path : new String[] {"/db/few", "/db/few?id=eq.1", "/db/many"}) {
        assertThat(phases(served, path)).as(path).matches(all);
      }
      assertThat(phases(served, "/db/few?id=eq.x")).matches("parse.*, plan.*, response.*");
      assertThat(phases(served, "/db/few?id=x")).matches("response" + DURATION);
      assertThat(phases(served, "/db/nope")).matches("parse.*, response.*");
    }
  }

  @Test
  void nobodyIsToldWhereItIsOff() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute("CREATE TABLE few (id int PRIMARY KEY)");
    try (ServedDatabase served = ServedDatabase.start(ServedDatabase.settings(database.url()))) {
      assertThat(phases(served, "/db/few")).isEqualTo("none");
    }
  }

  private static String phases(ServedDatabase served, String path) {
    return served.get(path).headers().firstValue("Server-Timing").orElse("none");
  }
}
