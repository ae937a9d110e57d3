package dev.escala.model;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By what a request is found again, in the logs of its client, of a balancer, and in ours.
 *
 * @param requestId what the client or a proxy named it, else one of our own
 * @param traceparent the trace that it is part of, as the header of W3C Trace Context has it; null
 *     where none was told
 */
public record RequestTrace(String requestId, @Nullable String traceparent) {
  /** Of what was no request of a client. */
  public static final RequestTrace NONE = new RequestTrace("", null);

  /** Nothing that ends a line of a log, or could be taken for something else there. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~:/+=@-]{1,128}");

  /** Version, trace, span and flags; a later version may have more behind. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private static final int LENGTH = 55;
  private static final int TRACE_FROM = 3;
  private static final int TRACE_TO = 35;
  private static final String FIRST_VERSION = "00";
  private static final int LONGEST = 512;

  /**
   * Of the headers {@code X-Request-Id} and {@code traceparent}; what is not well formed counts as
   * absent.
   */
  public static RequestTrace of(@Nullable String requestId, @Nullable String traceparent) {
    return new RequestTrace(
        requestId != null && ID.matcher(requestId).matches() ? requestId : fresh(),
        traceparent != null && isWellFormed(traceparent) ? traceparent : null);
  }

  private static boolean isWellFormed(String traceparent) {
    int length = traceparent.length();
    if (length < LENGTH || length > LONGEST) {
      return false;
    }
    boolean isWhole =
        length == LENGTH
            || (!traceparent.startsWith(FIRST_VERSION) && traceparent.charAt(LENGTH) == '-');
    return isWhole && TRACEPARENT.matcher(traceparent).region(0, LENGTH).matches();
  }

  private static String fresh() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** The id of the trace, 32 hexadecimal digits. */
  public Optional<String> traceId() {
    return Optional.ofNullable(traceparent).map(parent -> parent.substring(TRACE_FROM, TRACE_TO));
  }
}
