package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("integration")
class CompressionSwitchTest {
  private final PostgresServer.Database database = PostgresServer.newDatabase();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                   | gzip | Accept-Encoding
          , compression: auto  | gzip | Accept-Encoding
          , compression: off   | none | none\
          """)
  void answersAreCompressedUnlessThatIsSwitchedOff(String configured, String coding, String vary) {
    try (RunningServer server =
        RunningServer.startAsWritten(
            """
            http:  {host: 127.0.0.1, port: 0%s}
            admin: {host: 127.0.0.1, port: 0}
            databases: {db: {url: "${URL}"}}
            """
                .formatted(configured),
            database,
            Map.of())) {
      HttpResponse<String> answer = server.get("/health", "Accept-Encoding", "gzip, identity;q=0");
      assertThat(answer.headers().firstValue("Content-Encoding").orElse("none")).isEqualTo(coding);
      assertThat(answer.headers().firstValue("Vary").orElse("none")).isEqualTo(vary);
      assertThat(
              server.send("GET", "admin:/metrics", "", "Accept-Encoding", "gzip").headers().map())
          .as("who scrapes says whether it wants it packed")
          .containsEntry("content-encoding", List.of("gzip"));
    }
  }
}
