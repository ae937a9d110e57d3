package dev.escala.store;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.ColumnType;
import dev.escala.decode.Decoded;
import dev.escala.decode.Decoder;
import dev.escala.decode.Decoder.Evolution;
import dev.escala.decode.Settings;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.store.TableWriter.Item;
import dev.escala.testing.Messages;
import dev.escala.testing.RecordingObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store holds to; run by each implementation and by the fake. */
public abstract class StoreContract {
  private static final TopicSettings SETTINGS = Settings.flights("key: $.id");
  private static final Decoder DECODER = new Decoder(SETTINGS);
  private static final ColumnChange NOTE = new ColumnChange.Add("note", ColumnType.TEXT);

  /** Where the table {@code flights} is kept, new for each test. */
  public interface Place extends AutoCloseable {
    /** As one instance of the program sees it. */
    TopicStore open(TopicSettings settings, RecordingObserver observer);

    /** The keys that are stored, sorted. */
    List<String> keys();

    /** The ids of the messages whose dead letters are open, sorted. */
    List<String> deadLetters();

    /** From now on rows may have any {@code n} again. */
    void acceptNegative();

    /** From now on no row may have a negative {@code n}. */
    void refuseNegative();

    /** Somebody reads the table for long, until it is closed. */
    AutoCloseable use();

    /** Nothing is answered until the end of it. */
    AutoCloseable away();

    @Override
    void close();
  }

  protected final RecordingObserver observer = new RecordingObserver();
  private Place place;
  private TopicStore store;

  protected abstract Place place();

  @BeforeEach
  void open() {
    place = place();
    store = place.open(SETTINGS, observer);
  }

  @AfterEach
  void close() {
    place.close();
  }

  private static Message message(String id, String fields) {
    return Messages.of("m-" + id, "{\"id\":\"" + id + "\"" + fields + "}");
  }

  private static Item item(TableColumns columns, Message message) {
    Decoded decoded = DECODER.decode(message, columns, Evolution.FINISHED);
    return new Item(message, decoded);
  }

  private TableColumns created() {
    return store.shape().evolve(List.of(new ColumnChange.Add("n", ColumnType.BIGINT), ID));
  }

  private static final ColumnChange ID = new ColumnChange.Add("id", ColumnType.TEXT);

  private Written write(TableColumns columns, Message... messages) {
    return write(store, columns, Arrays.asList(messages));
  }

  private static Written write(TopicStore store, TableColumns columns, List<Message> messages) {
    List<Item> items = messages.stream().map(message -> item(columns, message)).toList();
    return store.writer().write(columns, items);
  }

  private static List<String> names(TableColumns columns) {
    return columns.columns().stream().map(column -> column.name()).toList();
  }

  private static Message numbered(int n) {
    return message("f%04d".formatted(n), ",\"n\":" + n);
  }

  @Test
  void aTableThatIsNotThereHasToBeMadeFirst() {
    assertThat(store.shape().columns().ready()).isFalse();
    assertThat(created().ready()).isTrue();
    assertThat(store.shape().columns().ready()).isTrue();
    assertThat(names(store.shape().columns())).containsExactlyInAnyOrder("n", "id");
  }

  @Test
  void aColumnIsAddedOnceAndSeenByOthersWhoLookAgain() {
    created();
    TopicStore other = place.open(SETTINGS, observer);
    assertThat(names(other.shape().columns())).doesNotContain("note");
    store.shape().evolve(List.of(NOTE));
    assertThat(names(store.shape().evolve(List.of(NOTE)))).containsOnlyOnce("note");
    other.shape().invalidate();
    assertThat(names(other.shape().columns())).contains("note");
  }

  @Test
  void aColumnIsWidenedOnlyWhereNothingIsLost() {
    created();
    TableColumns columns =
        store
            .shape()
            .evolve(
                List.of(
                    new ColumnChange.Widen("n", ColumnType.NUMERIC),
                    new ColumnChange.Widen("id", ColumnType.BIGINT)));
    assertThat(columns.columns())
        .extracting(column -> column.name() + " " + column.type().sql())
        .containsExactlyInAnyOrder("n numeric", "id text");
  }

  @Test
  void aTableInUseIsNotWaitedForLong() throws Exception {
    created();
    try (AutoCloseable reader = place.use()) {
      assertThat(reader).isNotNull();
      assertThatThrownBy(() -> store.shape().evolve(List.of(NOTE)))
          .isInstanceOfSatisfying(
              StoreException.class,
              locked -> assertThat(locked.reason()).isEqualTo(ReturnReason.TABLE_LOCKED));
      assertThat(write(store.shape().columns(), numbered(1)).outcomes())
          .as("rows that fit are stored meanwhile")
          .containsExactly(Outcome.STORED);
    }
    assertThat(names(store.shape().evolve(List.of(NOTE)))).contains("note");
  }

  @Test
  void eachMessageHasItsOutcomeInOrder() {
    TableColumns columns = created();
    Written written =
        write(
            columns,
            numbered(1),
            Messages.of("m-bad", "no json"),
            numbered(1),
            numbered(2),
            message("f0003", ",\"n\":\"text\""));
    assertThat(written.failure()).isNull();
    assertThat(written.outcomes().get(0)).isEqualTo(Outcome.STORED);
    assertThat(written.outcomes().get(1)).isInstanceOf(Outcome.Rejected.class);
    assertThat(written.outcomes().get(2)).isEqualTo(Outcome.DUPLICATE);
    assertThat(written.outcomes().get(3)).isEqualTo(Outcome.STORED);
    assertThat(written.outcomes().get(4)).isInstanceOf(Outcome.Rejected.class);
    assertThat(place.keys()).containsExactly("f0001", "f0002");
    assertThat(place.deadLetters()).containsExactly("m-bad", "m-f0003");
  }

  @Test
  void whatIsThereAlreadyIsADuplicateAlsoForOthers() {
    TableColumns columns = created();
    write(columns, numbered(1));
    TopicStore other = place.open(SETTINGS, observer);
    assertThat(write(other, other.shape().columns(), List.of(numbered(2), numbered(1))).outcomes())
        .containsExactly(Outcome.STORED, Outcome.DUPLICATE);
    assertThat(place.keys()).containsExactly("f0001", "f0002");
  }

  @Test
  void nothingToWriteIsWritten() {
    assertThat(write(created()).outcomes()).isEmpty();
    assertThat(place.keys()).isEmpty();
  }

  @Test
  void aRefusedRowTakesNoOtherAlong() {
    TableColumns columns = created();
    place.refuseNegative();
    List<Message> messages =
        new ArrayList<>(IntStream.range(0, 100).mapToObj(StoreContract::numbered).toList());
    messages.set(41, message("bad", ",\"n\":-1"));
    Written written = write(store, columns, messages);
    assertThat(written.outcomes()).filteredOn(Outcome.STORED::equals).hasSize(99);
    assertThat(written.outcomes().get(41))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> {
              Rejection rejection = rejected.rejection();
              assertThat(rejection.sqlState()).isEqualTo("23514");
            });
    assertThat(place.keys()).hasSize(99).doesNotContain("bad");
    assertThat(place.deadLetters()).containsExactly("m-bad");
  }

  @Test
  void whatIsStoredLaterIsNoDeadLetterAnyMore() {
    TableColumns columns = created();
    place.refuseNegative();
    Message bad = message("bad", ",\"n\":-1");
    write(columns, bad, Messages.of("m-worse", "no json"));
    place.acceptNegative();
    assertThat(write(columns, numbered(1), bad).outcomes()).containsOnly(Outcome.STORED);
    assertThat(place.deadLetters()).containsExactly("m-worse");
  }

  @Test
  void nothingIsKeptOfARehearsal() {
    TableColumns columns = created();
    place.refuseNegative();
    write(columns, numbered(1), Messages.of("m-bad", "no json"));
    List<Item> items =
        List.of(
            item(columns, numbered(1)),
            item(columns, numbered(2)),
            item(columns, message("f0003", ",\"n\":-3")));
    Rehearsed rehearsed = store.writer().rehearse(columns, items);
    assertThat(rehearsed.failure()).isNull();
    assertThat(rehearsed.outcomes().subList(0, 2))
        .containsExactly(Outcome.DUPLICATE, Outcome.STORED);
    assertThat(rehearsed.outcomes().get(2)).isInstanceOf(Outcome.Rejected.class);
    assertThat(place.keys()).containsExactly("f0001");
    assertThat(place.deadLetters()).containsExactly("m-bad");
  }

  @Test
  void whileItIsAwayEverythingIsReturnedAndNothingThrown() throws Exception {
    TableColumns columns = created();
    store.writer().probe(columns);
    try (AutoCloseable outage = place.away()) {
      assertThat(outage).isNotNull();
      Written written = write(columns, numbered(1), Messages.of("m-bad", "no json"));
      assertThat(written.outcomes())
          .containsOnly(new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
      assertThat(written.failure()).isNotNull();
      assertThat(store.writer().rehearse(columns, List.of(item(columns, numbered(1)))).failure())
          .isNotNull();
      assertThatThrownBy(() -> store.writer().probe(columns)).isInstanceOf(StoreException.class);
    }
    assertThat(place.keys()).isEmpty();
    assertThat(place.deadLetters()).isEmpty();
    eventually(
        "what is sent again is stored",
        () -> write(columns, numbered(1)).outcomes().equals(List.of(Outcome.STORED)));
    store.writer().probe(columns);
  }

  @Test
  void severalWritersStoreEachKeyOnce() throws Exception {
    TableColumns columns = created();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Written>> written = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        List<Message> mine =
            new ArrayList<>(IntStream.range(0, 500).mapToObj(StoreContract::numbered).toList());
        Collections.shuffle(mine, new Random(writer));
        written.add(writers.submit(() -> write(store, columns, mine)));
      }
      long stored = 0;
      for (Future<Written> each : written) {
        stored += each.get().outcomes().stream().filter(Outcome.STORED::equals).count();
      }
      assertThat(stored).isEqualTo(500);
    }
    assertThat(place.keys()).hasSize(500);
  }
}
