package dev.escala.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTraceTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  @Test
  void whatTheClientSaysIsKept() {
    RequestTrace trace = RequestTrace.of("Root=1-67891233-abcdef012345678912345678", PARENT);
    assertThat(trace.requestId()).isEqualTo("Root=1-67891233-abcdef012345678912345678");
    assertThat(trace.traceparent()).isEqualTo(PARENT);
    assertThat(trace.traceId()).hasValue(TRACE);
  }

  @Test
  void withoutAnIdItGetsOneOfItsOwnEachTime() {
    RequestTrace trace = RequestTrace.of(null, null);
    assertThat(trace.requestId()).matches("[0-9a-f]{32}");
    assertThat(trace.traceId()).isEmpty();
    assertThat(RequestTrace.of(null, null).requestId()).isNotEqualTo(trace.requestId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "<script>", "a\"b", "ü"})
  void anIdThatCouldBeTakenForSomethingElseIsReplaced(String id) {
    assertThat(RequestTrace.of(id, null).requestId()).matches("[0-9a-f]{32}");
    assertThat(RequestTrace.of("x".repeat(129), null).requestId()).hasSize(32);
  }

  @Test
  void aLaterVersionMayHaveMoreBehindAndThisOneMayNot() {
    String later = "cc-" + PARENT.substring(3) + "-what-comes";
    assertThat(RequestTrace.of(null, later).traceId()).hasValue(TRACE);
    assertThat(RequestTrace.of(null, PARENT + "-more").traceId()).isEmpty();
    assertThat(RequestTrace.of(null, later.replace("-what", "what")).traceId()).isEmpty();
    assertThat(RequestTrace.of(null, later + "x".repeat(1000)).traceId()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-000f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"
      })
  void aTraceThatIsNotWellFormedIsNone(String header) {
    assertThat(RequestTrace.of(null, header).traceparent()).isNull();
  }
}
