package dev.escala.source.sqs;

import dev.escala.config.Section;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the bodies of messages may be that a producer keeps in S3.
 *
 * @param buckets that may be read, and no others: whoever sends to the queue names the object
 * @param maxBytes of one object
 * @param endpoint null: the region's; one without TLS is an emulator and gets no real credentials
 */
public record S3Settings(List<String> buckets, long maxBytes, @Nullable URI endpoint) {
  /** The longest that a message may be. */
  public static final int MOST_BYTES = 16 << 20;

  /** No bucket may be read. */
  public static final S3Settings NONE = new S3Settings(List.of(), MOST_BYTES, null);

  private static final Pattern BUCKET = Pattern.compile(S3Pointer.BUCKET);

  public S3Settings {
    buckets = List.copyOf(buckets);
  }

  /** Whether any bucket may be read. */
  boolean isUsed() {
    return !buckets.isEmpty();
  }

  static S3Settings read(Section section) {
    List<String> buckets = section.texts("buckets").stream().filter(b -> !b.isEmpty()).toList();
    buckets.stream()
        .filter(bucket -> !BUCKET.matcher(bucket).matches())
        .forEach(bucket -> section.reject("buckets", "are names of buckets, not " + bucket));
    long most = section.bytes("max-bytes", MOST_BYTES);
    if (most < 1 || most > MOST_BYTES) {
      section.reject("max-bytes", "must be 1 to 16MiB, the longest that a message may be");
    }
    return new S3Settings(
        buckets, most, section.address("endpoint", "http://localhost:4566").orElse(null));
  }
}
