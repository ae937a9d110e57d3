package dev.escala.source.http;

import dev.escala.config.Heap;
import dev.escala.config.Section;

/**
 * What is taken over HTTP.
 *
 * @param maxBodyBytes of one request, as it is sent
 * @param maxUnpackedBytes of one request after decompression
 * @param maxItems of one request
 * @param maxMessages that all topics together hold unsettled
 * @param maxBytes of memory that they take
 */
public record HttpSourceSettings(
    int maxBodyBytes, int maxUnpackedBytes, int maxItems, int maxMessages, long maxBytes) {
  public static final HttpSourceSettings DEFAULT =
      new HttpSourceSettings(
          16 << 20,
          Math.toIntExact(Heap.part(8, 64 << 20)),
          100_000,
          200_000,
          Heap.part(8, 128 << 20));

  /** No array of Java is longer. */
  private static final int LARGEST_BODY = Integer.MAX_VALUE - 64;

  public static HttpSourceSettings read(Section section) {
    Section permits = section.section("permits");
    return new HttpSourceSettings(
        size(section, "max-body", DEFAULT.maxBodyBytes()),
        size(section, "max-unpacked", DEFAULT.maxUnpackedBytes()),
        section.integer("max-items", DEFAULT.maxItems(), 1, 10_000_000),
        permits.integer("messages", DEFAULT.maxMessages(), 1, 10_000_000),
        bytes(permits, "bytes", DEFAULT.maxBytes(), Long.MAX_VALUE));
  }

  private static int size(Section section, String key, int otherwise) {
    return Math.toIntExact(bytes(section, key, otherwise, LARGEST_BODY));
  }

  private static long bytes(Section section, String key, long otherwise, long most) {
    long bytes = section.bytes(key, otherwise);
    if (bytes < 1 || bytes > most) {
      section.reject(key, "must be from 1 byte to %,d bytes".formatted(most));
      return otherwise;
    }
    return bytes;
  }
}
