package dev.escala.postgres;

import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** From where the server is written to: the instances that are connected, as the database sees. */
public final class ServerClients {
  private static final int MOST = 100;

  /** Of the same login, whose connections it may see. */
  private static final String CLIENTS =
      """
      SELECT coalesce(host(client_addr), 'local'), count(*), min(backend_start)
      FROM pg_catalog.pg_stat_activity
      WHERE usename = current_user AND datname = current_database()
        AND application_name LIKE 'escala%%'
      GROUP BY 1 ORDER BY 3 LIMIT %d\
      """
          .formatted(MOST);

  private final Connections connections;

  /**
   * Those of an address; behind a proxy of connections it is the address of that.
   *
   * @param since when the oldest of its connections was opened
   */
  public record Client(String address, int connections, Instant since) {}

  /** Of this database; does not touch it yet. */
  public ServerClients(PostgresDatabase database) {
    this.connections = database.writers();
  }

  /**
   * The first hundred, the oldest first.
   *
   * @throws StoreException if the database does not answer
   */
  public List<Client> list() {
    try {
      return connections.lend(ServerClients::clients);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private static List<Client> clients(Connection connection) throws SQLException {
    List<Client> clients = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CLIENTS)) {
      while (row.next()) {
        clients.add(
            new Client(
                row.getString(1),
                row.getInt(2),
                row.getObject(3, OffsetDateTime.class).toInstant()));
      }
    }
    return clients;
  }
}
