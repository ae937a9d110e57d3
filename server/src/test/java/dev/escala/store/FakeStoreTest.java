package dev.escala.store;

import dev.escala.decode.TopicSettings;
import dev.escala.testing.FakeStore;
import dev.escala.testing.RecordingObserver;
import java.util.List;

/** The fake holds to what it stands for. */
class FakeStoreTest extends StoreContract {
  @Override
  protected Place place() {
    FakeStore.Table table = new FakeStore.Table();
    return new Place() {
      @Override
      public TopicStore open(TopicSettings settings, RecordingObserver observer) {
        return FakeStore.open(table);
      }

      @Override
      public List<String> keys() {
        return table.keys();
      }

      @Override
      public List<String> deadLetters() {
        return table.deadLetters();
      }

      @Override
      public void refuseNegative() {
        table.refuseNegative("n");
      }

      @Override
      public void acceptNegative() {
        table.acceptNegative();
      }

      @Override
      public AutoCloseable use() {
        table.inUse(true);
        return () -> table.inUse(false);
      }

      @Override
      public AutoCloseable away() {
        table.away(true);
        return () -> table.away(false);
      }

      @Override
      public void close() {
        // nothing is kept
      }
    };
  }
}
