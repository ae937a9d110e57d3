package dev.escala.source.http;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.IntFunction;

/** The ids of the messages of a request, by their position. */
final class MessageIds {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private MessageIds() {}

  /** The same for the same key, so that a repeated request is recognized. */
  static IntFunction<String> of(String idempotencyKey) {
    return position -> idempotencyKey + "-" + position;
  }

  /** New ones: UUIDs of version 7 (RFC 9562), ascending within the request. */
  static IntFunction<String> minted() {
    long random = RANDOM.nextLong();
    long high = (System.currentTimeMillis() << 16) | VERSION_7 | (random >>> 52);
    // Half of the low random bits stay free for the position, which is at most 31 bits long.
    long low = VARIANT | ((RANDOM.nextLong() >>> 2) & 0x3fff_ffff_0000_0000L);
    long first = random & 0x7fff_ffffL;
    return position -> new UUID(high, low + first + position).toString();
  }
}
