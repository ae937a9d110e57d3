package dev.escala.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DockerfileTest {

  @Test
  void theShippedOneKeepsTheRules() throws IOException {
    Dockerfile shipped = Dockerfile.shipped();
    assertThat(shipped.instructions()).hasSizeGreaterThan(10);
    assertThat(shipped.violations()).isEmpty();
  }

  @Test
  void eachRuleRefusesWhatItIsFor() {
    Dockerfile planted =
        Dockerfile.parse(
            """
            FROM debian:13
            ENV DATABASE_PASSWORD=1234
            FROM debian
            ADD https://localhost/app.tar /
            RUN apt-get update \\
              && apt-get install curl
            CMD java -jar app.jar
            """);
    assertThat(planted.violations())
        .containsExactly(
            "FROM without tag and digest: debian:13",
            "FROM without tag and digest: debian",
            "ADD fetches and unpacks; COPY does not",
            "the last stage runs as no numbered user other than root",
            "there is no HEALTHCHECK",
            "needs a shell in the image: RUN apt-get update && apt-get install curl",
            "needs a shell in the image: CMD java -jar app.jar",
            "a secret would stay in the image: ENV DATABASE_PASSWORD=1234");
  }
}
