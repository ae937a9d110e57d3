package dev.escala.bench;

import dev.escala.embedded.FirstReads;
import dev.escala.embedded.PackagedServer;
import java.nio.file.Path;
import java.util.List;

/** What it costs to read as a role: the same reads of two servers on one database. */
final class RoleRows {
  private static final List<Integer> CONNECTIONS = List.of(16, 32, 64);
  private static final String ROLE = "as a role";
  private static final String ALL = "auth: none";

  private final PackagedServer forAll;
  private final PackagedServer asRole;
  private final int rounds;
  private final int seconds;

  RoleRows(PackagedServer forAll, PackagedServer asRole, int rounds, int seconds) {
    this.forAll = forAll;
    this.asRole = asRole;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  void measure(Report report) throws Exception {
    Path script =
        Shell.script(
            ".lua",
            "request = function() return wrk.format(\"GET\", \"/flights/read_rows?id=eq.\" .."
                + " math.random(1, 1000000)) end\n");
    Contest contest = new Contest();
    for (int connections : CONNECTIONS) {
      add(contest, ROLE, asRole, script, connections);
      add(contest, ALL, forAll, script, connections);
    }
    contest.run(rounds);
    report.compare("Row by key, as a role", contest.best(ROLE), contest.best(ALL), 0.85);
  }

  private void add(
      Contest contest, String side, PackagedServer server, Path script, int connections)
      throws Exception {
    FirstReads.await(server.url("/flights/read_rows?limit=1"));
    contest.add(
        side,
        side + ", " + connections + " connections",
        () -> Shell.wrk(server.url("/").toString(), script, connections, seconds));
  }
}
