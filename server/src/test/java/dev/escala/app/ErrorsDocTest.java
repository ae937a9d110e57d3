package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.ErrorCode;
import dev.escala.model.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

  @Test
  void everyReasonIsExplained() throws IOException {
    assertThat(rows("\\| [a-z]+\\.[a-z_]+ \\|.*"))
        .containsExactlyElementsOf(
            Arrays.stream(ReasonCode.values()).map(ReasonCode::code).toList());
  }
}
