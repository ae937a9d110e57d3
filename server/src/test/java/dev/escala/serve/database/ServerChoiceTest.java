package dev.escala.serve.database;

import static dev.escala.serve.database.ServerChoice.Seen.AWAY;
import static dev.escala.serve.database.ServerChoice.Seen.BEHIND;
import static dev.escala.serve.database.ServerChoice.Seen.PRIMARY;
import static dev.escala.serve.database.ServerChoice.Seen.STANDBY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.TargetServer;
import dev.escala.serve.database.ServerChoice.Seen;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerChoiceTest {
  private static List<Integer> of(TargetServer target, Seen... servers) {
    return ServerChoice.of(target, List.of(servers));
  }

  @Test
  void eachTargetHasItsServers() {
    assertThat(of(TargetServer.ANY, STANDBY, PRIMARY, AWAY, BEHIND)).containsExactly(0, 1);
    assertThat(of(TargetServer.PRIMARY, STANDBY, PRIMARY, STANDBY)).containsExactly(1);
    assertThat(of(TargetServer.STANDBY, STANDBY, PRIMARY, STANDBY)).containsExactly(0, 2);
    assertThat(of(TargetServer.PREFER_STANDBY, PRIMARY, STANDBY)).containsExactly(1);
  }

  @Test
  void thePrimaryIsReadWhereStandbysAreAwayOrBehind() {
    assertThat(of(TargetServer.PREFER_STANDBY, AWAY, PRIMARY, BEHIND)).containsExactly(1);
    assertThat(of(TargetServer.STANDBY, AWAY, PRIMARY, BEHIND)).isEmpty();
  }

  @Test
  void whatMayBeOlderThanAllowedIsReadByNobody() {
    for (TargetServer target : TargetServer.values()) {
      assertThat(of(target, BEHIND, AWAY)).isEmpty();
    }
  }
}
