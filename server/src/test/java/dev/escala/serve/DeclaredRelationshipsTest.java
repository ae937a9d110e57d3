package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.Section;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relationships that the configuration declares, between tables without foreign keys. */
@Tag("integration")
class DeclaredRelationshipsTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() throws ConfigurationException {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE airports (iata text, city text);
        CREATE TABLE flights (id int, origin text, destination text);
        CREATE SCHEMA other;
        INSERT INTO airports VALUES ('LAX', 'Los Angeles'), ('JFK', 'New York');
        INSERT INTO flights VALUES (1, 'LAX', 'JFK'), (2, 'JFK', NULL)\
        """);
    served =
        ServedDatabase.start(
            settings("{origin: airports.iata, destination: public.airports.iata}"));
  }

  private static DatabaseSettings settings(String refersTo) throws ConfigurationException {
    String yaml =
        """
        url: "%s"
        schemas: [public, other]
        relations: {flights: {refers-to: %s}}
        """
            .formatted(database.url(), refersTo);
    return ConfigurationFile.read(
        "test", yaml, variable -> null, (Section section) -> DatabaseSettings.read("db", section));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          flights?id=eq.1&select=origin(city)                      | [{"origin":{"city":"Los Angeles"}}]
          flights?id=eq.1&select=from:airports!origin(city),to:airports!destination(city) | [{"from":{"city":"Los Angeles"},"to":{"city":"New York"}}]
          flights?id=eq.2&select=id,...destination(city)           | [{"id":2,"city":null}]
          airports?iata=eq.JFK&select=arrivals:flights!destination(id) | [{"arrivals":[{"id":1}]}]
          """)
  void embedLikeForeignKeys(String request, String expected) {
    assertThat(served.get("/db/" + request).body()).isEqualTo(expected);
  }

  @Test
  void whatNamesNoColumnIsAnError() {
    assertThatThrownBy(() -> settings("{origin: airports}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("must name a relation and its column");
  }
}
