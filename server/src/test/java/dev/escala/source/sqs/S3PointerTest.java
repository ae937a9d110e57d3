package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.SourceKind;
import dev.escala.source.sqs.S3Pointer.Found;
import dev.escala.testing.S3Server;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a pointer of the extended client, and what only looks like one. */
class S3PointerTest {
  private static Optional<Found> found(String attribute, String body) {
    Origin origin = new Origin(SourceKind.SQS, "id", Instant.EPOCH, 1, Map.of(attribute, "300000"));
    return S3Pointer.in(new Message("departures", Payload.utf8(body), origin));
  }

  @ParameterizedTest
  @CsvSource({
    "ExtendedPayloadSize, software.amazon.payloadoffloading.PayloadS3Pointer",
    "SQSLargePayloadSize, com.amazon.sqs.javamessaging.MessageS3Pointer",
  })
  void theFormsOfAllClientsAreKnown(String attribute, String className) {
    String body =
        "[ \"%s\", {\"s3Key\": \"a/b c\", \"other\": [1], \"s3BucketName\": \"bodies\"} ]"
            .formatted(className);
    assertThat(found(attribute, body)).contains(new Found.To(new S3Pointer("bodies", "a/b c")));
  }

  @Test
  void withoutTheReservedAttributeItIsAPayload() {
    assertThat(found("size", S3Server.pointer("bodies", "1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "[1]",
        "no json",
        "[\"my.Class\",{\"s3BucketName\":\"bodies\",\"s3Key\":\"1\"}]"
      })
  void anotherBodyIsThePayload(String body) {
    assertThat(found("ExtendedPayloadSize", body)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",{}",
        ",{\"s3BucketName\":\"bodies\"}",
        ",{\"s3BucketName\":\"bodies\",\"s3Key\":\"\"}",
        ",{\"s3BucketName\":\"bodies\",\"s3Key\":1}",
        ",{\"s3BucketName\":\"two\\nlines\",\"s3Key\":\"1\"}",
        ",{\"s3BucketName\":\"bodies\",\"s3BucketName\":\"others\",\"s3Key\":\"1\"}"
      })
  void aPointerThatSaysNotWhereIsBroken(String rest) {
    String body = "[\"software.amazon.payloadoffloading.PayloadS3Pointer\"" + rest + "]";
    assertThat(found("ExtendedPayloadSize", body))
        .hasValueSatisfying(found -> assertThat(found).isInstanceOf(Found.Broken.class));
  }
}
