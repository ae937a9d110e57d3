package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.TableColumns;
import dev.escala.ingest.TableChanges.Change;
import dev.escala.model.ReturnReason;
import dev.escala.store.StoreException;
import dev.escala.store.TableShape;
import dev.escala.testing.FakeStore;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nobody is forgotten who waits for a table. */
class TableChangesTest {
  private static final int PATIENCE_SECONDS = 30;

  @Test
  void whoWaitsWhileAllStopsDuringATryIsGivenBack() throws Exception {
    CompletableFuture<TableChanges> tried = new CompletableFuture<>();
    TableShape present = FakeStore.open(new FakeStore.Table()).shape();
    TableShape stoppedDuringTheTry =
        new TableShape() {
          @Override
          public TableColumns columns() {
            return present.columns();
          }

          @Override
          public TableColumns evolve(List<ColumnChange> wanted) {
            tried.join().stop();
            throw new StoreException(ReturnReason.TABLE_LOCKED, "55", "the table is in use");
          }

          @Override
          public void invalidate() {}
        };
    TableChanges changes =
        new TableChanges(
            stoppedDuringTheTry, "flights", Duration.ofMinutes(1), new RecordingObserver());
    tried.complete(changes);
    assertThat(changes.request(List.of()).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .isEqualTo(new Change.GivenUp(ReturnReason.SHUTDOWN));
    assertThat(changes.request(List.of()))
        .isCompletedWithValue(new Change.GivenUp(ReturnReason.SHUTDOWN));
  }
}
