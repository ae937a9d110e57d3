package dev.escala.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Migrations run while the release before them still works, so they only add. What an old release
 * uses may go once none runs any more, in a file whose first line is {@code -- contract: RELEASE}.
 */
class MigrationRulesTest {
  private static final Path FOLDER = Path.of("src/main/resources/dev/escala/postgres/migration");

  private static final Map<String, Pattern> NOT_AN_EXPANSION =
      Map.of(
          "drops what the running release uses",
          Pattern.compile("\\bDROP\\s+(TABLE|COLUMN|VIEW)"),
          "renames what the running release uses",
          Pattern.compile("\\bRENAME\\b"),
          "changes a type under the running release",
          Pattern.compile("\\bALTER\\s+COLUMN\\s+\\S+\\s+(SET DATA\\s+)?TYPE\\b"),
          "refuses rows of the running release",
          Pattern.compile("\\bSET\\s+NOT\\s+NULL|ADD\\s+COLUMN(?![^,;]*DEFAULT)[^,;]*NOT\\s+NULL"),
          "rewrites or locks a table for long",
          Pattern.compile("\\bVACUUM\\s+FULL|\\bCLUSTER\\b|\\bLOCK\\s+TABLE"));

  private static List<String> violations(String name, String sql) {
    if (sql.startsWith("-- contract: ")) {
      return List.of();
    }
    String statements = sql.replaceAll("--[^\n]*", "").toUpperCase(Locale.ROOT);
    List<String> violations = new ArrayList<>();
    NOT_AN_EXPANSION.forEach(
        (what, pattern) -> {
          if (pattern.matcher(statements).find()) {
            violations.add(name + " " + what);
          }
        });
    return violations;
  }

  @Test
  void migrationsOnlyExpandAndAreNumberedInOrder() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        assertThat(name).matches("V\\d+__[a-z_]+\\.sql");
        assertThat(violations(name, Files.readString(file))).isEmpty();
        numbers.add(Integer.valueOf(name.substring(1, name.indexOf('_'))));
      }
    }
    assertThat(numbers)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            Stream.iterate(1, n -> n + 1).limit(numbers.size()).toList());
  }

  @Test
  void whatIsNoExpansionIsRefused() {
    String table = "alter table dead_letter ";
    assertThat(
            Stream.of(
                "drop column body",
                "rename column body to content",
                "alter column attempts type bigint",
                "add column batch uuid not null",
                "alter column sqlstate set not null"))
        .allSatisfy(change -> assertThat(violations("V9", table + change)).hasSize(1));
    assertThat(violations("V9", "LOCK TABLE dead_letter")).hasSize(1);
    assertThat(violations("V9", table + "add column n int not null default 0")).isEmpty();
    assertThat(violations("V9", "-- contract: 0.2.0\n" + table + "drop column n")).isEmpty();
  }
}
