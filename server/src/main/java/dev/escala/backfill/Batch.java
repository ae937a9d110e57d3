package dev.escala.backfill;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.publish.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages of a file that stand behind each other, and are written together. */
final class Batch {
  private static final int MOST_MESSAGES = 10_000;
  private static final int MOST_BYTES = 8 << 20;

  private final String topic;
  private final LoadedFile file;
  private final long first;
  private final List<Message> messages = new ArrayList<>();
  private final List<String> rejections = new ArrayList<>();

  /** Places of those that have no outcome yet. */
  private List<Integer> due = new ArrayList<>();

  private int bytes;
  private long stored;
  private long duplicates;

  /** Begins behind so many messages of the file. */
  Batch(String topic, LoadedFile file, long first) {
    this.topic = topic;
    this.file = file;
    this.first = first;
  }

  /** The id of a message is its place: the file once more has the same messages. */
  void add(String json) {
    String id = file.id() + "-" + end();
    Payload payload = Payload.utf8(json);
    due.add(messages.size());
    messages.add(
        new Message(
            topic, payload, new Origin(SourceKind.FILE, id, file.changedAt(), 1, Map.of())));
    bytes += payload.length();
  }

  boolean isFull() {
    return messages.size() >= MOST_MESSAGES || bytes >= MOST_BYTES;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  long first() {
    return first;
  }

  int size() {
    return messages.size();
  }

  /** How many messages of the file stand before what comes behind it. */
  long end() {
    return first + messages.size();
  }

  /** Those without an outcome. */
  List<Message> due() {
    return due.stream().map(messages::get).toList();
  }

  /**
   * Takes the outcomes of those that were due.
   *
   * @return why some of them are due still; null where none is
   */
  @Nullable ReturnReason took(List<Outcome> outcomes) {
    List<Integer> again = new ArrayList<>();
    ReturnReason why = null;
    for (int i = 0; i < outcomes.size(); i++) {
      switch (outcomes.get(i)) {
        case Outcome.Stored _ -> stored++;
        case Outcome.Duplicate _ -> duplicates++;
        case Outcome.Rejected(Rejection rejection) ->
            rejections.add(
                "message %,d: %s %s"
                    .formatted(
                        first + due.get(i) + 1, rejection.reason().code(), rejection.detail()));
        case Outcome.Returned returned -> {
          why = returned.reason();
          again.add(due.get(i));
        }
      }
    }
    due = again;
    return why;
  }

  /** What became of it so far. */
  Summary summary() {
    return Summary.NONE.plus(new Summary(0, stored, duplicates, rejections.size(), rejections));
  }
}
