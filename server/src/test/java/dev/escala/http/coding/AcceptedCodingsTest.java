package dev.escala.http.coding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedCodingsTest {
  private static String best(AcceptedCodings accepted) {
    Coding best = accepted.best();
    String packed = best == null ? "plain" : best.label();
    return accepted.takesNothing() ? "nothing" : packed;
  }

  @Test
  void whoSaysNothingGetsWhatIsNotPacked() {
    assertThat(best(AcceptedCodings.of(List.of()))).isEqualTo("plain");
  }

  @Test
  void severalHeadersAreOne() {
    assertThat(best(AcceptedCodings.of(List.of("br", "identity;q=0.5, gzip")))).isEqualTo("gzip");
  }

  /** No folder to unpack it to: what a task without the image's own copy would have. */
  @Test
  void whereTheLibraryOfZstdCannotBeLoadedThereIsGzip(@TempDir Path folder) throws Exception {
    Ended ended =
        Ended.run(
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder.resolve("missing"),
                "-cp",
                System.getProperty("java.class.path"),
                WithoutZstd.class.getName()));
    assertThat(ended.orFail().output()).contains("GZIP true Optional[").contains("zstd-jni");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                    | plain
          gzip                                  | gzip
          x-gzip                                | gzip
          ZSTD                                  | zstd
          gzip, deflate, br, zstd               | zstd
          gzip;q=1.0, zstd;q=0.9                | gzip
          gzip;q=0.8, zstd;q=0.800              | zstd
          gzip; Q = 0.5                         | gzip
          gzip;q=0                              | plain
          gzip;q=0.000                          | plain
          br                                    | plain
          deflate, br                           | plain
          identity                              | plain
          identity, gzip                        | gzip
          identity;q=1, gzip;q=0.5              | plain
          identity;q=0.2, gzip;q=0.5, zstd;q=.3 | gzip
          *                                     | gzip
          *, gzip;q=0                           | zstd
          *, zstd;q=0                           | gzip
          zstd;q=0.5, *                         | gzip
          *;q=0                                 | nothing
          *;q=0, identity                       | plain
          *;q=0, gzip                           | gzip
          identity;q=0                          | nothing
          identity;q=0, br                      | nothing
          identity;q=0, zstd;q=0.1              | zstd
          identity;q=0, *                       | gzip
          gzip;q=2                              | plain
          gzip;q=0.1234                         | plain
          gzip;q                                | plain
          gzip;level=9                          | plain
          , ,gzip,                              | gzip\
          """)
  void theHeaderSaysWhatIsTaken(String header, String expected) {
    assertThat(best(AcceptedCodings.of(List.of(header)))).isEqualTo(expected);
  }
}
