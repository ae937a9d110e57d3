package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows that are written in bulk end as those that are not: the same tests, the other way. */
@Tag("integration")
class InBulkTest {

  /** How the rows come is seen by a trigger. */
  @Nested
  @InBulk
  class Ways extends PipelineRun {
    private void watch() {
      database.execute(
          """
          CREATE TABLE seen (n serial, statement text);
          CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO seen (statement) VALUES (left(current_query(), 4)); RETURN NULL; END $$;
          CREATE TRIGGER see AFTER INSERT ON flights EXECUTE FUNCTION see()\
          """);
    }

    private List<String> ways() {
      return database.rows("SELECT statement FROM seen ORDER BY n");
    }

    @Test
    void newRowsAreCopied() {
      Pipeline pipeline = pipeline("key: $.id");
      write(pipeline, flights(10));
      watch();
      assertThat(write(pipeline, flights(30)).stream().filter(Outcome.STORED::equals)).hasSize(20);
      assertThat(ways()).as("ten are there").containsExactly("WITH");
      assertThat(write(pipeline, flight(31))).containsExactly(Outcome.STORED);
      assertThat(write(pipeline, flight(32), flight(32)))
          .containsExactly(Outcome.STORED, Outcome.DUPLICATE);
      assertThat(ways()).containsExactly("WITH", "WITH", "COPY");
    }

    /** What is full of duplicates is not tried each time. */
    @Test
    void afterRefusalsFewerAreTried() {
      Pipeline pipeline = pipeline("key: $.id");
      write(pipeline, flights(10));
      watch();
      for (int i = 0; i < 40; i++) {
        assertThat(write(pipeline, flight(3))).containsExactly(Outcome.DUPLICATE);
      }
      for (int i = 0; !ways().getLast().equals("COPY"); i++) {
        assertThat(write(pipeline, flight(100 + i))).containsExactly(Outcome.STORED);
      }
      assertThat(ways().size()).isGreaterThan(50);
    }

    /** Of a message that another instance could not store, and that is stored now. */
    @Test
    void aLetterIsResolvedWithACopiedRow() {
      Pipeline pipeline = pipeline("key: $.id");
      write(pipeline, flight(1));
      try (PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()))) {
        database.execute("ALTER TABLE flights ADD CONSTRAINT small CHECK (delay < 10)");
        write(pipeline(other, "key: $.id"), flight(70));
      }
      database.execute("ALTER TABLE flights DROP CONSTRAINT small");
      watch();
      assertThat(write(pipeline, flight(70))).containsExactly(Outcome.STORED);
      assertThat(ways()).containsExactly("COPY");
      assertThat(database.rows("SELECT status FROM escala.dead_letter"))
          .containsExactly("resolved");
    }
  }

  @Nested
  @InBulk
  class Values extends StoredValuesTest {}

  @Nested
  @InBulk
  class Tables extends EvolvingTableTest {}

  @Nested
  @InBulk
  class Poisonous extends PoisonTest {}

  @Nested
  @InBulk
  class Duplicates extends DedupModesTest {}

  @Nested
  @InBulk
  class LatestVersions extends LatestVersionTest {}

  @Nested
  @InBulk
  class Rollups extends RollupsTest {}

  @Nested
  @InBulk
  class Issues extends IssuesTest {}

  @Nested
  @InBulk
  class Reasons extends EveryReasonTest {}
}
