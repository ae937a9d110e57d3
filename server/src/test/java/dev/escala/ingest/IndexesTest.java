package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.observe.Observation.IndexBuilt;
import dev.escala.observe.Observation.IndexRefused;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.testing.Messages;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The indexes of a topic's table: of the fields of its key, and those that are configured. */
@Tag("integration")
class IndexesTest extends PipelineRun {
  private static final String ROW =
      "{\"id\":\"a\",\"airline\":\"UA\",\"at\":\"2026-01-31T12:00:00Z\"}";

  private List<String> indexes() {
    return database.rows(
        "SELECT replace(indexdef, 'public.', '') FROM pg_indexes WHERE tablename = 'flights'"
            + " AND indexname <> 'flights_pkey' ORDER BY 1");
  }

  private void eventuallyIndexed(String... definitions) {
    eventually(() -> indexes().toString(), () -> Set.copyOf(indexes()).equals(Set.of(definitions)));
  }

  private static String index(String name, String of) {
    return "CREATE INDEX %s ON flights USING %s".formatted(name, of);
  }

  @Test
  void theFieldOfTheKeyHasOneFromTheFirstRowOn() {
    write(pipeline("key: $.id"), Messages.of(ROW));
    assertThat(indexes()).containsExactly(index("flights_id_idx", "btree (id)"));
    assertThat(database.rows("EXPLAIN SELECT * FROM flights WHERE id = 'x'").toString())
        .contains("flights_id_idx");
  }

  @Test
  void theFieldsOfAKeyHaveOneTogether() {
    write(pipeline("key: [$.airline, $.id]"), Messages.of(ROW));
    assertThat(indexes()).containsExactly(index("flights_airline_id_idx", "btree (airline, id)"));
  }

  @Test
  void aTableWithoutAKeyHasNone() {
    write(pipeline(), Messages.of(ROW));
    assertThat(indexes()).isEmpty();
  }

  @Test
  void aTableThatIsThereGetsThemWhileItIsWritten() {
    write(pipeline(), Messages.of(ROW));
    Pipeline pipeline =
        pipeline(
            "indexes:",
            "- {columns: [airline, at]}",
            "- {columns: _event_time, using: brin}",
            "- {columns: later}");
    write(pipeline, Messages.of(ROW));
    eventuallyIndexed(
        index("flights_airline_at_idx", "btree (airline, at)"),
        index("flights__event_time_brin", "brin (_event_time)"));
    write(pipeline, Messages.of("{\"later\":1}"));
    eventuallyIndexed(
        index("flights_airline_at_idx", "btree (airline, at)"),
        index("flights_later_idx", "btree (later)"),
        index("flights__event_time_brin", "brin (_event_time)"));
    eventually("it is told", () -> observer.all(IndexBuilt.class).size() == 3);
  }

  @Test
  void anIndexThatServesIsNotBuiltOnceMore() {
    database.execute(
        "CREATE TABLE flights (id text, airline text, at timestamptz);"
            + " CREATE INDEX own ON flights (airline, at)");
    write(pipeline("key: $.id", "indexes: [{columns: airline}, {columns: at}]"), Messages.of(ROW));
    eventually("it is told", () -> !observer.all(IndexBuilt.class).isEmpty());
    assertThat(observer.all(IndexBuilt.class))
        .as("and the table of somebody else has none for the key")
        .extracting(IndexBuilt::index)
        .containsExactly("flights_at_idx");
  }

  @Test
  void anIndexThatWasNotFinishedIsBuiltAnew() throws Exception {
    write(pipeline(), Messages.of(ROW));
    database.execute(
        "CREATE INDEX flights_airline_idx ON flights (airline); UPDATE pg_index SET indisvalid ="
            + " false WHERE indexrelid = 'flights_airline_idx'::regclass");
    write(pipeline("indexes: [{columns: airline}]"), Messages.of(ROW));
    eventually(
        "it is valid",
        () ->
            database.count(
                    "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid ="
                        + " to_regclass('flights_airline_idx')")
                == 1);
  }

  @Test
  void whatCannotBeIndexedIsToldAndHoldsNothingUp() {
    Pipeline pipeline = pipeline("indexes: [{columns: airline, using: gin}, {columns: id}]");
    assertThat(write(pipeline, Messages.of(ROW), Messages.of(ROW))).containsOnly(Outcome.STORED);
    eventually("it is told", () -> !observer.all(IndexRefused.class).isEmpty());
    assertThat(observer.all(IndexRefused.class).getFirst().detail()).contains("42704");
    eventuallyIndexed(index("flights_id_idx", "btree (id)"));
    assertThat(write(pipeline, Messages.of(ROW))).containsOnly(Outcome.STORED);
  }

  /** An entry of a b-tree holds about 2,700 bytes. */
  @Test
  void aValueThatIsTooLongForAnIndexRejectsItsMessageAlone() {
    Pipeline pipeline = pipeline("indexes: [{columns: airline}]");
    write(pipeline, Messages.of(ROW));
    StringBuilder random = new StringBuilder();
    new Random(1).ints(9000, 'a', 'z').forEach(c -> random.append((char) c));
    List<Outcome> outcomes =
        write(pipeline, Messages.of(ROW), Messages.of("{\"airline\":\"" + random + "\"}"));
    assertThat(outcomes.getFirst()).isEqualTo(Outcome.STORED);
    assertThat(rejection(outcomes.getLast()).sqlState()).isEqualTo("54000");
  }

  /** Who reads for long is waited for by the index, and rows do not wait for either. */
  @Test
  void rowsAreStoredWhileAnIndexIsBuiltByOneOfTwo() throws Exception {
    write(pipeline(), Messages.of(ROW));
    try (PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()));
        Connection reader = database.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute(
          "INSERT INTO flights (_id, _event_time, _source)"
              + " VALUES (gen_random_uuid(), now(), 'test')");
      String[] lines = {"indexes: [{columns: airline}]"};
      Pipeline first = pipeline(lines);
      Pipeline second = pipeline(other, lines);
      eventually(
          "it is being built",
          () -> database.count("SELECT count(*) FROM pg_stat_progress_create_index") == 1);
      assertThat(write(first, Messages.of(ROW))).containsOnly(Outcome.STORED);
      assertThat(write(second, Messages.of(ROW))).containsOnly(Outcome.STORED);
      reader.commit();
    }
    eventuallyIndexed(index("flights_airline_idx", "btree (airline)"));
  }

  @Test
  void anotherNameForAFieldMakesNoColumn() {
    Pipeline pipeline = pipeline("rename: {carrier: airline, flight: id}", "key: $.flight");
    assertThat(
            write(
                pipeline,
                Messages.of("{\"flight\":\"a\",\"carrier\":\"UA\"}"),
                Messages.of("{\"id\":\"a\",\"airline\":\"UA\"}"),
                Messages.of("{\"id\":\"b\",\"airline\":\"DL\",\"carrier\":\"UA\"}"),
                Messages.of("{\"id\":\"c\",\"airline\":\"DL\"}")))
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Stored", "Duplicate", "Rejected", "Stored");
    assertThat(database.rows("SELECT id, airline FROM flights ORDER BY id"))
        .containsExactly("a|UA", "c|DL");
    assertThat(
            database.rows(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'flights'"
                    + " AND column_name NOT LIKE '\\_%' ORDER BY 1"))
        .containsExactly("airline", "id");
  }
}
