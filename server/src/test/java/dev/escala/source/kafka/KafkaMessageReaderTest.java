package dev.escala.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.ReasonCode;
import dev.escala.model.SourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaMessageReaderTest {
  private final KafkaMessageReader reader = new KafkaMessageReader("departures", new Unopened());
  private final RecordHeaders headers = new RecordHeaders();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private ConsumerRecord<byte[], byte[]> received(
      long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        "ops.departures",
        3,
        1042,
        timestamp,
        TimestampType.CREATE_TIME,
        key == null ? -1 : key.length,
        value == null ? -1 : value.length,
        key,
        value,
        headers,
        Optional.empty());
  }

  @Test
  void theValueIsThePayloadAndAllElseIsItsOrigin() {
    headers.add("trace", bytes("4711"));
    headers.add("trace", bytes("4712"));
    headers.add("empty", null);

    Message message =
        reader.read(received(1_764_412_800_123L, bytes("LA1"), bytes("{}")), 2, Unopened.AS_IT_IS);

    assertThat(message.topic()).isEqualTo("departures");
    assertThat(message.payload().text()).isEqualTo("{}");
    assertThat(message.unreadable()).isNull();
    assertThat(message.origin().source()).isEqualTo(SourceKind.KAFKA);
    assertThat(message.origin().messageId()).isEqualTo("ops.departures-3-1042-1764412800123");
    assertThat(message.origin().publishedAt()).isEqualTo("2025-11-29T10:40:00.123Z");
    assertThat(message.origin().attempt()).isEqualTo(2);
    assertThat(message.origin().attributes())
        .isEqualTo(
            Map.of(
                "trace",
                "4712",
                "kafka.key",
                "LA1",
                "kafka.topic",
                "ops.departures",
                "kafka.partition",
                "3",
                "kafka.offset",
                "1042"));
  }

  @Test
  void noHeaderPassesForTheKey() {
    headers.add("kafka.key", bytes("forged"));
    headers.add("kafka.offset", bytes("0"));

    Message message = reader.read(received(0, bytes("true"), bytes("{}")), 1, Unopened.AS_IT_IS);

    assertThat(message.origin().attributes())
        .containsEntry("kafka.key", "true")
        .containsEntry("kafka.offset", "1042");
  }

  @Test
  void whatIsNoTextStandsInBase64() {
    headers.add("number", new byte[] {0, 0, 0, 0, 0, 0, 0, 1});
    headers.add("lines", bytes("a\n\tb"));

    Message message =
        reader.read(received(0, new byte[] {(byte) 0xff}, bytes("{}")), 1, Unopened.AS_IT_IS);

    assertThat(message.origin().attributes())
        .containsEntry("kafka.key", "/w==")
        .containsEntry("number", "AAAAAAAAAAE=")
        .containsEntry("lines", "a\n\tb");
  }

  @Test
  void aTombstoneIsRejectedAndSaysWhy() {
    Message message = reader.read(received(0, bytes("LA1"), null), 1, Unopened.AS_IT_IS);

    assertThat(message.payload().length()).isZero();
    assertThat(message.unreadable()).isNotNull();
    assertThat(message.unreadable().reason()).isEqualTo(ReasonCode.PAYLOAD_MISSING);
    assertThat(message.origin().attributes()).containsEntry("kafka.key", "LA1");
  }

  @Test
  void anEmptyValueIsNoTombstone() {
    assertThat(reader.read(received(0, null, new byte[0]), 1, Unopened.AS_IT_IS).unreadable())
        .isNull();
  }

  @Test
  void aTimeThatNobodyCanKeepIsTheLastThatOneCan() {
    Instant before = Instant.now();

    assertThat(
            reader
                .read(received(Long.MAX_VALUE, null, bytes("{}")), 1, Unopened.AS_IT_IS)
                .origin()
                .publishedAt())
        .isEqualTo("9999-12-31T23:59:59.999Z");
    assertThat(
            reader
                .read(received(-1, null, bytes("{}")), 1, Unopened.AS_IT_IS)
                .origin()
                .publishedAt())
        .isBetween(before, Instant.now());
  }

  @Test
  void keyAndHeadersWeighToo() {
    headers.add("abc", bytes("12345"));
    assertThat(KafkaMessageReader.bytes(received(0, bytes("key"), bytes("{}")))).isEqualTo(13);
    assertThat(KafkaMessageReader.bytes(received(0, null, null))).isEqualTo(8);
  }
}
