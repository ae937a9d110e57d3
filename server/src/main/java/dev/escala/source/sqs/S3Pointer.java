package dev.escala.source.sqs;

import dev.escala.model.Message;
import dev.escala.model.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * What the extended client of SQS or SNS sends in place of a large body: {@code ["CLASS",
 * {"s3BucketName": …, "s3Key": …}]}, with the size of the body in a reserved attribute.
 */
record S3Pointer(String bucket, String key) {
  /** A name of a bucket, or the ARN of an access point. */
  static final String BUCKET = "[A-Za-z0-9._:/-]{1,255}";

  /** The second one is that of clients before version 1.1. */
  private static final List<String> SIZES = List.of("ExtendedPayloadSize", "SQSLargePayloadSize");

  private static final Set<String> CLASSES =
      Set.of(
          "software.amazon.payloadoffloading.PayloadS3Pointer",
          "com.amazon.sqs.javamessaging.MessageS3Pointer");

  private static final int LONGEST = 4096;
  private static final int LONGEST_KEY = 1024;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** What a body that ought to be a pointer is. */
  sealed interface Found {
    record To(S3Pointer pointer) implements Found {}

    /** A pointer that says not where the body is. */
    record Broken(String detail) implements Found {}
  }

  /** Empty where the body is there itself. */
  static Optional<Found> in(Message message) {
    boolean marked = SIZES.stream().anyMatch(message.origin().attributes()::containsKey);
    return marked && message.unreadable() == null ? in(message.payload()) : Optional.empty();
  }

  private static Optional<Found> in(Payload body) {
    if (body.length() == 0 || body.length() > LONGEST) {
      return Optional.empty();
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body.text())) {
      return parser.nextToken() == JsonToken.START_ARRAY
              && parser.nextToken() == JsonToken.VALUE_STRING
              && CLASSES.contains(parser.getString())
          ? Optional.of(members(parser))
          : Optional.empty();
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
  }

  private static Found members(JsonParser parser) {
    try {
      Map<String, @Nullable String> members = new HashMap<>();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
          members.put(name, isText ? parser.getString() : null);
          parser.skipChildren();
        }
      }
      return of(members.get("s3BucketName"), members.get("s3Key"));
    } catch (JacksonException malformed) {
      return new Found.Broken("it is not well-formed JSON");
    }
  }

  private static Found of(@Nullable String bucket, @Nullable String key) {
    if (bucket == null || !bucket.matches(BUCKET)) {
      return new Found.Broken("s3BucketName is missing or is no name of a bucket");
    }
    return key == null || key.isEmpty() || key.length() > LONGEST_KEY
        ? new Found.Broken("s3Key is missing or is no key of an object")
        : new Found.To(new S3Pointer(bucket, key));
  }
}
