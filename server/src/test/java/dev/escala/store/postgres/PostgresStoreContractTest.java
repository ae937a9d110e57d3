package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.StoreContract;
import dev.escala.store.TopicStore;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("integration")
class PostgresStoreContractTest extends StoreContract {
  @Override
  protected Place place() {
    return new PostgresPlace();
  }

  private static final class PostgresPlace implements Place {
    private final PostgresServer.Database database = PostgresServer.newDatabase();
    private final PostgresServer.Database server = PostgresServer.newDatabase();
    private final List<PostgresDatabase> opened = new ArrayList<>();

    @Override
    public TopicStore open(TopicSettings settings, RecordingObserver observer) {
      PostgresDatabase instance = PostgresDatabase.open(PostgresSettings.of(database.url()));
      opened.add(instance);
      return new PostgresStore(instance, observer).topic(settings);
    }

    @Override
    public List<String> keys() {
      return database.rows("SELECT _id FROM flights ORDER BY 1");
    }

    @Override
    public List<String> deadLetters() {
      return database.rows(
          "SELECT message_id FROM escala.dead_letter WHERE status = 'new' ORDER BY 1");
    }

    @Override
    public void refuseNegative() {
      database.execute("ALTER TABLE flights ADD CONSTRAINT positive CHECK (n >= 0)");
    }

    @Override
    public void acceptNegative() {
      database.execute("ALTER TABLE flights DROP CONSTRAINT positive");
    }

    @Override
    public AutoCloseable use() {
      try {
        Connection reader = database.connect();
        reader.setAutoCommit(false);
        try (Statement statement = reader.createStatement()) {
          statement.execute("LOCK TABLE flights IN ACCESS SHARE MODE");
        }
        return reader;
      } catch (SQLException failure) {
        throw new AssertionError(failure);
      }
    }

    @Override
    public AutoCloseable away() {
      allowConnections(false);
      server.rows(
          "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '%s'"
              .formatted(database.url().database()));
      return () -> allowConnections(true);
    }

    private void allowConnections(boolean allowed) {
      server.execute(
          "ALTER DATABASE %s ALLOW_CONNECTIONS %s".formatted(database.url().database(), allowed));
    }

    @Override
    public void close() {
      opened.forEach(PostgresDatabase::close);
    }
  }
}
