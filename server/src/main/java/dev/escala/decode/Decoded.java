package dev.escala.decode;

import dev.escala.model.Rejection;
import java.util.List;

/** What the decoder makes of a message. */
public sealed interface Decoded {

  record Fits(Row row) implements Decoded {}

  record Rejected(Rejection rejection) implements Decoded {}

  /** The table has to change first; then the message is decoded again. */
  record NeedsChange(List<ColumnChange> changes) implements Decoded {
    public NeedsChange {
      changes = List.copyOf(changes);
    }
  }
}
