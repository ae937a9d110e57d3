package dev.escala.serve.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.DatabaseUrl;
import dev.escala.config.Section;
import org.junit.jupiter.api.Test;

class DatabaseSettingsTest {
  /** Who answers requests has no login of the owner at the primary, and needs none to compare. */
  @Test
  void theLagIsComparedWithTheLoginOfReaders() throws ConfigurationException {
    DatabaseSettings settings =
        ConfigurationFile.read(
            "escala.yaml",
            """
            url: postgresql://owner@a:5433,b/db?sslmode=disable
            read-url: postgresql://reader:secret@c,a:5433/db?sslmode=require
            max-lag: 5s
            """,
            variable -> null,
            (Section section) -> DatabaseSettings.read("db", section));
    assertThat(settings.comparedWith())
        .extracting(DatabaseUrl::hosts)
        .containsExactly("a:5433", "b:5432");
    assertThat(settings.comparedWith())
        .allSatisfy(
            server -> {
              assertThat(server.user()).isEqualTo("reader");
              assertThat(server.password()).isEqualTo("secret");
              assertThat(server.parameters()).containsEntry("sslmode", "require");
            });
  }
}
