package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with the database is no fault of a message: all come again, none is a letter. */
@Tag("integration")
class EnvironmentErrorsTest extends PipelineRun {
  @ParameterizedTest
  @CsvSource({
    "53100, its disk is full",
    "53200, it is out of memory",
    "53300, it has too many connections",
    "57P01, an administrator ends it",
    "57P03, it starts up",
    "58030, it cannot read a file",
    "55P03, others keep what is needed",
    "25006, it became a standby",
    "08006, the connection broke",
    "40001, transactions ran into each other",
    "40P01, they wait for each other",
    "XX000, it is broken inside"
  })
  void returnsTheMessagesAndKeepsNoLetter(String state, String why) {
    Pipeline pipeline = pipeline("key: $.id");
    assertThat(write(pipeline, flight(0))).containsExactly(Outcome.STORED);
    database.execute(
        """
        CREATE FUNCTION environment() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION '%s' USING ERRCODE = '%s'; END $$;
        CREATE TRIGGER environment BEFORE INSERT ON flights EXECUTE FUNCTION environment()\
        """
            .formatted(why, state));
    assertThat(write(pipeline, flights(20)))
        .hasSize(20)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Returned.class));
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isZero();
    database.execute("DROP TRIGGER environment ON flights");
    assertThat(stored(write(pipeline, flights(20)))).isEqualTo(19);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(20);
  }
}
