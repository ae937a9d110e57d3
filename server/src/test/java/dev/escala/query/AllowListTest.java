package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lists of what SQL over HTTP may name, against a real server and the document. */
@Tag("integration")
class AllowListTest {
  private static final PostgresServer.Database DATABASE = PostgresServer.newDatabase();
  private static final String CATALOG = "'pg_catalog'::regnamespace";

  private static Set<String> rows(String sql) {
    return new HashSet<>(DATABASE.rows(sql));
  }

  private static Set<String> functions() {
    return rows("SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = " + CATALOG);
  }

  @Test
  void everyFunctionIsOneOfPostgres() {
    assertThat(functions()).containsAll(AllowedFunctions.all());
  }

  @Test
  void everyFunctionStandsOnce() {
    assertThat(Stream.of(AllowedFunctions.values()).flatMap(group -> group.names().stream()))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyTypeIsOneOfPostgres() {
    assertThat(AllowedTypes.all())
        .allSatisfy(
            type ->
                assertThat(
                        DATABASE.rows(
                            "SELECT NULL::" + (type.equals("double") ? "double precision" : type)))
                    .hasSize(1));
  }

  @Test
  void everyOperatorIsOneOfPostgres() {
    Set<String> allowed = new HashSet<>(AllowedOperators.any());
    allowed.addAll(AllowedOperators.withConstant());
    allowed.removeAll(Set.of("=>", "!="));

    assertThat(rows("SELECT DISTINCT oprname FROM pg_operator")).containsAll(allowed);
  }

  @Test
  void aFunctionNamedLikeATypeMeansATypeThatIsAllowed() {
    Set<String> types =
        rows("SELECT typname FROM pg_type WHERE typtype = 'b' AND typnamespace = " + CATALOG);
    types.retainAll(AllowedFunctions.all());

    assertThat(types).isNotEmpty().allMatch(AllowedTypes::contains);
  }

  /** {@code pg_get_keywords}: R and C cannot be the name of a function, U and T can. */
  @Test
  void noWordBeforeABracketIsAFunctionOfPostgresButTheReviewedOnes() {
    Set<String> words = rows("SELECT word FROM pg_get_keywords()");
    Set<String> alsoNames = rows("SELECT word FROM pg_get_keywords() WHERE catcode IN ('U', 'T')");
    alsoNames.retainAll(AllowedFunctions.constructs());

    assertThat(words).containsAll(AllowedFunctions.constructs());
    assertThat(CallRules.ALSO_NAMES).isEqualTo(alsoNames);
    alsoNames.retainAll(functions());
    assertThat(alsoNames)
        .as("of which the first takes a constant")
        .containsExactlyInAnyOrder("like", "overlaps");
  }

  @Test
  void theDocumentListsThemAll() throws IOException {
    List<String> rows = new ArrayList<>();
    for (AllowedFunctions group : AllowedFunctions.values()) {
      rows.add("| `%s` | %s |".formatted(String.join("`, `", group.names()), group.reason()));
    }
    Path written = Files.write(Path.of("target/sql-functions.md"), rows);
    List<String> lines = Files.readAllLines(Path.of("../docs/sql.md"));

    assertThat(lines).as("what there is stands in server/%s", written).containsAll(rows);
    assertThat(lines.stream().filter(line -> line.startsWith("| `")))
        .hasSize(AllowedFunctions.values().length);
    assertThat(lines).contains(sentence("Types", AllowedTypes.all()));
    assertThat(lines).contains(sentence("Operators", AllowedOperators.any()));
    assertThat(lines)
        .contains(sentence("With a constant on the right", AllowedOperators.withConstant()));
  }

  private static String sentence(String what, Set<String> names) {
    String[] sorted = names.stream().sorted().toArray(String[]::new);
    return "%s: `%s`.".formatted(what, String.join("` `", Arrays.asList(sorted)));
  }
}
