package dev.escala.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.testing.Messages;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkerTest {
  private static final MarkerKey KEY = key("the key of this database");
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456Z");
  private static final Marker MARKER =
      KEY.sign("flights", UUID.randomUUID(), 17, NOW, "Überführung ✈ 𝔼 \"quoted\" \\ \t\u0001");

  private static MarkerKey key(String secret) {
    return MarkerKey.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Marker> in(String topic, String text) {
    return Marker.in(new Message(topic, Payload.utf8(text), Messages.of("m", "{}").origin()));
  }

  private static Marker with(String body, String hash, String signature) {
    return new Marker(
        MARKER.topic(), MARKER.canary(), MARKER.seq(), MARKER.sentAt(), body, hash, signature);
  }

  @Test
  void comesBackAsItWasSigned() {
    assertThat(in("flights", MARKER.text())).contains(MARKER);
    assertThat(KEY.signed(MARKER)).isTrue();
    assertThat(MARKER.sentAt()).isEqualTo(Instant.parse("2026-11-24T12:00:00.123Z"));
    assertThat(MARKER.hash()).hasSize(64).isNotEqualTo(MARKER.signature());
  }

  @Test
  void isReadOutOfTheMiddleOfALargerArray() {
    byte[] bytes = ("  " + MARKER.text() + "\n{}").getBytes(StandardCharsets.UTF_8);
    Payload slice = Payload.of(bytes, 2, bytes.length - 5);
    assertThat(Marker.in(new Message("flights", slice, Messages.of("m", "{}").origin())))
        .contains(MARKER);
  }

  @Test
  void nobodyElseCanSignOne() {
    assertThat(key("another key").signed(MARKER)).isFalse();
    assertThat(KEY.signed(key("another key").sign("flights", UUID.randomUUID(), 1, NOW, "body")))
        .isFalse();
  }

  @Test
  void eachMemberIsSigned() {
    Marker m = MARKER;
    Marker again = KEY.sign(m.topic(), m.canary(), m.seq(), m.sentAt(), "another body");
    assertThat(KEY.signed(with("another body", m.hash(), m.signature()))).isFalse();
    assertThat(KEY.signed(with("another body", again.hash(), m.signature()))).isFalse();
    assertThat(KEY.signed(with(m.body(), m.hash(), "0".repeat(64)))).isFalse();
    assertThat(KEY.signed(with(m.body(), m.hash(), ""))).isFalse();
    assertThat(
            KEY.signed(
                new Marker("other", m.canary(), 17, m.sentAt(), m.body(), m.hash(), m.signature())))
        .isFalse();
    assertThat(
            KEY.signed(
                new Marker(
                    "flights", m.canary(), 18, m.sentAt(), m.body(), m.hash(), m.signature())))
        .isFalse();
    assertThat(
            KEY.signed(
                new Marker(
                    "flights",
                    m.canary(),
                    17,
                    m.sentAt().plusMillis(1),
                    m.body(),
                    m.hash(),
                    m.signature())))
        .isFalse();
    assertThat(
            KEY.signed(
                new Marker(
                    "flights",
                    UUID.randomUUID(),
                    17,
                    m.sentAt(),
                    m.body(),
                    m.hash(),
                    m.signature())))
        .isFalse();
  }

  @Test
  void isNoneInAnotherTopic() {
    assertThat(in("arrivals", MARKER.text())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "{\"escala_canary\":{",
        "{\"escala_canary\":{}}",
        "{\"escala_canary\":{\"topic\":\"flights\"}}",
        "{\"escala_canary\":{\"topic\":{\"a\":1}}}",
        "{\"escala_canary\":{\"topic\":[1]}}",
        "{\"escala_canary\":{\"topic\":\"flights\",\"canary\":\"no uuid\",\"seq\":1,"
            + "\"sent_at\":\"2026-11-24T12:00:00Z\",\"body\":\"\",\"hash\":\"\",\"signature\":\"\"}}",
        "{\"escala_canary\":{\"topic\":\"flights\","
            + "\"canary\":\"6f2b9a5e-7d0e-4a53-9a6e-0a3c5f1f2b9a\",\"seq\":1e99,"
            + "\"sent_at\":\"2026-11-24T12:00:00Z\",\"body\":\"\",\"hash\":\"\",\"signature\":\"\"}}",
        "{\"escala_canary\":{\"topic\":\"flights\","
            + "\"canary\":\"6f2b9a5e-7d0e-4a53-9a6e-0a3c5f1f2b9a\",\"seq\":1,"
            + "\"sent_at\":\"soon\",\"body\":\"\",\"hash\":\"\",\"signature\":\"\"}}"
      })
  void whatIsNoneIsNoError(String text) {
    assertThat(in("flights", text)).isEmpty();
  }

  @Test
  void nothingFollowsIt() {
    assertThat(in("flights", MARKER.text() + "{}")).isEmpty();
    assertThat(in("flights", MARKER.text().replaceAll("}}$", "},\"a\":1}"))).isEmpty();
    assertThat(in("flights", " " + MARKER.text())).isEmpty();
    assertThat(in("flights", MARKER.text().substring(0, MARKER.text().length() - 1))).isEmpty();
  }

  @Test
  void theKeyIsNeverPrinted() {
    assertThat(KEY).hasToString("MarkerKey");
  }
}
