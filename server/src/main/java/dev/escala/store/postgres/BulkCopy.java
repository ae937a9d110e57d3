package dev.escala.store.postgres;

import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.postgres.SqlState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Copies batches of which no row is there and each fits. After one that was refused it leaves more
 * and more of them to the statement that finds duplicates: what was loaded before is full of them.
 */
final class BulkCopy {
  private static final int MOST_LEFT = 64;

  private final TopicSettings settings;

  /** How many batches are left to others after the next refusal, and how many still now. */
  private final AtomicInteger afterRefusal = new AtomicInteger(1);

  private final AtomicInteger left = new AtomicInteger();
  private volatile @Nullable Copying latest;

  BulkCopy(TopicSettings settings) {
    this.settings = settings;
  }

  /** How rows of these columns are copied, if they can be. */
  private record Copying(TableColumns columns, Optional<CopyStatement> statement) {}

  /**
   * Begins a transaction with the rows of a batch.
   *
   * @return whether they are there, for the caller to commit; else nothing is begun
   */
  boolean begin(Connection connection, TableColumns columns, BatchOutcomes outcomes)
      throws SQLException {
    Optional<CopyStatement> statement = statement(columns);
    if (statement.isEmpty() || left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      return false;
    }
    List<Integer> due = outcomes.oneOfEachRow();
    connection.setAutoCommit(false);
    Sql.checkConstraintsAtOnce(connection);
    try {
      statement.get().copy(connection, outcomes.rows(due));
    } catch (SQLException failure) {
      if (!SqlState.isData(failure)) {
        throw failure;
      }
      connection.rollback();
      connection.setAutoCommit(true);
      left.set(afterRefusal.getAndUpdate(n -> Math.min(MOST_LEFT, 2 * n)));
      return false;
    }
    afterRefusal.set(1);
    outcomes.inserted(due, _ -> true);
    return true;
  }

  private Optional<CopyStatement> statement(TableColumns columns) {
    Copying known = latest;
    if (known == null || !known.columns().equals(columns)) {
      known = new Copying(columns, CopyStatement.of(settings, columns));
      latest = known;
    }
    return known.statement();
  }
}
