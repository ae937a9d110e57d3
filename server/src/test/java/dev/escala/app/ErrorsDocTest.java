package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.ErrorCode;
import dev.escala.model.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/errors.md says exactly what the code says. */
class ErrorsDocTest {
  private static List<String> rows(String pattern) throws IOException {
    return Files.readAllLines(Path.of("../docs/errors.md")).stream()
        .filter(line -> line.matches(pattern))
        .map(line -> line.replaceAll("^\\| (\\S+) \\|( \\d+ \\|)?.*", "$1$2").strip())
        .toList();
  }

  @Test
  void everyCodeHasItsStatus() throws IOException {
    assertThat(rows("\\| ESC\\d+ \\|.*"))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values())
                .map(code -> code.name() + " " + code.status() + " |")
                .toList());
  }

  /** A code that no test meets is a word that nothing produces, or a promise that nobody checks. */
  @Test
  void everyCodeIsExpectedByATest() throws IOException {
    String tests = sources(Path.of("src/test/java"));
    assertThat(ErrorCode.values())
        .allSatisfy(code -> assertThat(tests).as("an expectation").contains(code.name()));
  }

  /** In the rooms below HTTP, which do not know the list, as a text. */
  @Test
  void everyCodeIsProduced() throws IOException {
    String product = sources(Path.of("src/main/java"));
    assertThat(ErrorCode.values())
        .allMatch(
            code ->
                product.contains("ErrorCode." + code.name())
                    || product.contains("\"" + code.name() + "\""));
  }

  /** All of them but this file. */
  private static String sources(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        all.append(file.endsWith("ErrorsDocTest.java") ? "" : Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void everyReasonIsExplained() throws IOException {
    assertThat(rows("\\| [a-z]+\\.[a-z0-9_]+ \\|.*"))
        .containsExactlyElementsOf(
            Arrays.stream(ReasonCode.values()).map(ReasonCode::code).toList());
  }
}
