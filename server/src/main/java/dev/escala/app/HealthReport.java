package dev.escala.app;

import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.ops.HealthHistory;
import dev.escala.postgres.ServerClients;
import dev.escala.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /health/history}: the last hour of this process, and who else is there. */
final class HealthReport {
  private final HealthHistory history;
  private final Map<String, Object> instance;
  private final Map<String, WritableDatabase> databases;

  /**
   * Of this process, and of who else is connected to the databases.
   *
   * @param role what it does of all that the configuration says
   */
  HealthReport(
      HealthHistory history, Build build, String role, Map<String, WritableDatabase> databases) {
    this.history = history;
    this.instance = Map.of("version", build.toString(), "role", role);
    this.databases = databases;
  }

  /** Asks the databases, so that it is answered off the event loop. */
  void show(Exchange exchange) {
    exchange.apart("health history", () -> exchange.json(200, JsonText.of(members())));
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>(Map.of("instance", instance));
    members.putAll(history.members());
    Map<String, Object> connected = new LinkedHashMap<>();
    databases.forEach((name, database) -> connected.put(name, clients(database)));
    members.put("connected", connected);
    return members;
  }

  /** Nobody where the database is away: its own check tells that. */
  private static List<Map<String, Object>> clients(WritableDatabase database) {
    List<Map<String, Object>> members = new ArrayList<>();
    try {
      for (ServerClients.Client client : new ServerClients(database.database()).list()) {
        members.add(
            Map.of(
                "address",
                client.address(),
                "connections",
                client.connections(),
                "since",
                client.since().toString()));
      }
    } catch (StoreException away) {
      return List.of();
    }
    return members;
  }
}
