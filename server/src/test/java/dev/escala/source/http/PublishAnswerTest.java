package dev.escala.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.Problem;
import dev.escala.model.ReturnReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishAnswerTest {

  @ParameterizedTest
  @CsvSource({
    "DATABASE_UNAVAILABLE, ESC001",
    "SHUTDOWN, ESC002",
    "TABLE_MISCONFIGURED, ESC003",
    "TABLE_LOCKED, ESC004"
  })
  void whyNothingIsStoredHasACodeOfItsOwn(ReturnReason reason, String code) {
    Problem problem = PublishAnswer.unavailable(reason);
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.status()).isEqualTo(503);
  }
}
