package dev.escala.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class HarnessTest {
  @Test
  void postgresIsReal() {
    assertThat(PostgresServer.newDatabase().rows("SHOW server_version_num").getFirst())
        .startsWith("18");
  }
}
