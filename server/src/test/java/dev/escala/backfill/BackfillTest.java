package dev.escala.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.ingest.InBulk;
import dev.escala.ingest.PipelineRun;
import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.ReturnReason;
import dev.escala.publish.FileRefused;
import dev.escala.publish.MessageFile;
import dev.escala.publish.Summary;
import dev.escala.store.Backfills.Reached;
import dev.escala.store.MessageWriter;
import dev.escala.store.StoreException;
import dev.escala.store.Written;
import dev.escala.store.postgres.PostgresBackfills;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files into tables, at once and in several goes. */
@InBulk
@Tag("integration")
class BackfillTest extends PipelineRun {
  private static final int LINES = 45_000;

  @TempDir private Path folder;

  private Path file(int from, int to) throws IOException {
    String lines =
        IntStream.range(from, to)
            .mapToObj(i -> "{\"id\":\"f%d\",\"delay\":%d}\n".formatted(i, i % 60))
            .collect(Collectors.joining());
    return Files.writeString(folder.resolve("flights.ndjson"), lines);
  }

  private Summary load(Path file, MessageWriter writer, Duration patience) throws Exception {
    LoadedFile known = LoadedFile.of(file);
    PostgresBackfills backfills = new PostgresBackfills(postgres);
    long skip = backfills.reached("flights", known.id()).messages();
    Backfill.Job job = new Backfill.Job("flights", known, skip, 3, patience, loaded -> {});
    try (InputStream input = Files.newInputStream(file);
        MessageFile messages = MessageFile.open(input, new MessageFile.Reading(null, true))) {
      return new Backfill(writer, backfills, job).load(messages);
    }
  }

  private Summary load(Path file, MessageWriter writer) throws Exception {
    return load(file, writer, Duration.ofMinutes(1));
  }

  private Reached reached(Path file) throws IOException {
    return new PostgresBackfills(postgres).reached("flights", LoadedFile.of(file).id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"key: $.id", "tail: false"}) // the latter without a key
  void aFileIsLoadedOnce(String line) throws Exception {
    Path file = file(0, LINES);
    assertThat(load(file, pipeline(line))).isEqualTo(new Summary(0, LINES, 0, 0, List.of()));
    assertThat(reached(file)).isEqualTo(new Reached(LINES, true));
    database.execute("TRUNCATE escala.backfill");
    assertThat(load(file, pipeline(line)))
        .as("by their places its messages are known again")
        .isEqualTo(new Summary(0, 0, LINES, 0, List.of()));
    assertThat(database.rows("SELECT count(*), count(DISTINCT id), min(_source) FROM flights"))
        .containsExactly("45000|45000|file");
  }

  /** Of several that are under way the first may be the last that is written. */
  @Test
  void whatWasStoppedGoesOnBehindWhatIsThere() throws Exception {
    Path file = file(0, LINES);
    Taking taking = new Taking(pipeline("key: $.id"), 2);
    assertThatThrownBy(() -> load(file, taking, Duration.ZERO))
        .isInstanceOf(BackfillStopped.class)
        .hasMessage(ReturnReason.DATABASE_UNAVAILABLE.label());
    long before = reached(file).messages();
    long rows = database.count("SELECT count(*) FROM flights");
    assertThat(rows).isEqualTo(20_000);
    assertThat(before).isLessThanOrEqualTo(rows);
    assertThat(reached(file).ended()).isFalse();
    Summary rest = load(file, pipeline("key: $.id"));
    assertThat(rest.messages()).isEqualTo(LINES - before);
    assertThat(rest.stored()).isEqualTo(LINES - rows);
    assertThat(database.count("SELECT count(DISTINCT id) FROM flights")).isEqualTo(LINES);
  }

  @Test
  void whatTheDatabaseDoesNotTakeIsTriedAgain() throws Exception {
    Path file = file(0, LINES);
    Stumbling stumbling = new Stumbling(pipeline("key: $.id"));
    assertThat(load(file, stumbling)).isEqualTo(new Summary(0, LINES, 0, 0, List.of()));
    assertThat(stumbling.failures.get()).isGreaterThan(1);
  }

  @Test
  void whatDoesNotFitIsADeadLetterWithItsPlace() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("some.ndjson"),
            "{\"id\":\"a\",\"delay\":1}\nno json\n{\"id\":\"b\",\"delay\":2}\n{\"delay\":3}\n");
    Summary loaded = load(file, pipeline("key: $.id"));
    assertThat(loaded.stored()).isEqualTo(2);
    assertThat(loaded.rejections())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("message 2: json.malformed "))
        .anyMatch(line -> line.startsWith("message 4: field.missing "));
    assertThat(database.rows("SELECT source, convert_from(body, 'UTF8') FROM escala.dead_letter"))
        .contains("file|no json");
  }

  @Test
  void whatCannotBeReadAnyFurtherKeepsWhatCameBefore() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("broken.json"), "[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\" oh no");
    assertThatThrownBy(() -> load(file, pipeline("key: $.id"))).isInstanceOf(FileRefused.class);
    assertThat(database.rows("SELECT id FROM flights ORDER BY id")).containsExactly("a", "b");
    assertThat(reached(file)).isEqualTo(new Reached(2, false));
  }

  @Test
  void aFileIsKnownByWhatIsInIt() throws Exception {
    Path file = file(0, 10);
    String id = LoadedFile.of(file).id();
    Path copy = Files.copy(file, folder.resolve("copy"));
    assertThat(LoadedFile.of(copy).id()).isEqualTo(id);
    assertThat(LoadedFile.of(file(0, 11)).id()).isNotEqualTo(id);
    assertThat(LoadedFile.of(Files.createFile(folder.resolve("empty"))).id()).isNotEqualTo(id);
  }

  /** Takes so many batches, and then nothing. */
  private static final class Taking extends Through {
    private final AtomicInteger left;

    Taking(MessageWriter writer, int batches) {
      super(writer);
      this.left = new AtomicInteger(batches);
    }

    @Override
    public Written write(List<Message> messages) {
      return left.getAndDecrement() > 0 ? writer.write(messages) : away(messages);
    }
  }

  /** Takes each second. */
  private static final class Stumbling extends Through {
    private final AtomicInteger times = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    Stumbling(MessageWriter writer) {
      super(writer);
    }

    @Override
    public Written write(List<Message> messages) {
      if (times.getAndIncrement() % 2 == 0) {
        failures.incrementAndGet();
        return away(messages);
      }
      return writer.write(messages);
    }
  }

  private abstract static class Through implements MessageWriter {
    final MessageWriter writer;

    Through(MessageWriter writer) {
      this.writer = writer;
    }

    static Written away(List<Message> messages) {
      return Written.failed(
          messages.size(), new StoreException(ReturnReason.DATABASE_UNAVAILABLE, "08", "away"));
    }

    @Override
    public void probe() {
      writer.probe();
    }

    @Override
    public void stop() {
      writer.stop();
    }

    @Override
    public Optional<Moment> tableLockedSince() {
      return writer.tableLockedSince();
    }
  }
}
