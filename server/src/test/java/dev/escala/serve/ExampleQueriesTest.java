package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.Section;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queries of docs/examples run. */
@Tag("integration")
class ExampleQueriesTest {

  @Test
  void theyFitTheTablesThatTheyAreFor() throws ConfigurationException {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE airports (iata text, city text);
        CREATE TABLE flights (scheduled_at timestamptz, origin text, destination text, delay_minutes bigint);
        INSERT INTO airports VALUES ('LAX', 'Los Angeles');
        INSERT INTO flights VALUES ('2001-01-01 10:00+00', 'JFK', 'LAX', 4),
          ('2001-01-02 10:30+00', 'JFK', 'LAX', 7)\
        """);
    try (ServedDatabase served = ServedDatabase.start(settings(database))) {
      assertThat(served.get("/db/rpc/late_routes?least=1&origin=JFK").body())
          .isEqualTo(
              "[{\"origin\":\"JFK\",\"destination\":\"LAX\",\"destination_city\":\"Los Angeles\","
                  + "\"flights\":2,\"mean_delay\":5.5}]");
      assertThat(served.get("/db/rpc/late_routes?least=1&since=2001-01-02&select=flights").body())
          .isEqualTo("[{\"flights\":1}]");
      assertThat(served.get("/db/rpc/delays_by_hour?origin=JFK").body())
          .isEqualTo("[{\"hour\":10,\"flights\":2,\"median_delay\":5.5}]");
    }
  }

  private static DatabaseSettings settings(PostgresServer.Database database)
      throws ConfigurationException {
    return ConfigurationFile.read(
        "../docs/examples/published-queries.yaml",
        "{url: '" + database.url() + "', queries: queries}",
        variable -> null,
        (Section section) -> DatabaseSettings.read("db", section));
  }
}
