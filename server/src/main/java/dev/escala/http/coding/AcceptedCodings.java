package dev.escala.http.coding;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client takes, by {@code Accept-Encoding} (RFC 9110, 12.5.3): weights from 0, which
 * excludes, to 1. What is not well formed of the header counts as not there.
 */
public final class AcceptedCodings {
  /** Nothing is said of it. */
  private static final float UNSAID = -1;

  /** Who names nothing gets what is not packed. */
  private static final AcceptedCodings NOTHING_SAID = new AcceptedCodings();

  private float zstd = UNSAID;
  private float gzip = UNSAID;
  private float identity = UNSAID;
  private float others = UNSAID;

  private AcceptedCodings() {}

  /** Reads the values of the header, of which there may be none. */
  public static AcceptedCodings of(List<String> headers) {
    if (headers.isEmpty()) {
      return NOTHING_SAID;
    }
    AcceptedCodings accepted = new AcceptedCodings();
    for (String header : headers) {
      for (String member : header.split(",", -1)) {
        accepted.take(member);
      }
    }
    return accepted;
  }

  private void take(String member) {
    int parameter = member.indexOf(';');
    String name = parameter < 0 ? member : member.substring(0, parameter);
    float weight = parameter < 0 ? 1 : weight(member.substring(parameter + 1));
    if (weight == UNSAID) {
      return;
    }
    switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "zstd" -> zstd = weight;
      case "gzip", "x-gzip" -> gzip = weight;
      case "identity" -> identity = weight;
      case "*" -> others = weight;
      default -> {
        // nothing that there is here
      }
    }
  }

  private static float weight(String parameter) {
    String text = parameter.strip().toLowerCase(Locale.ROOT);
    if (!text.matches("q\\s*=\\s*(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
      return UNSAID;
    }
    return Float.parseFloat(text.substring(text.indexOf('=') + 1).strip());
  }

  /** Whether it names zstd. */
  public boolean asksForZstd() {
    return zstd > 0;
  }

  /** Whether what is not packed may be given. */
  public boolean takesIdentity() {
    return identity == UNSAID ? others != 0 : identity > 0;
  }

  /** Whether nothing may be given at all. */
  public boolean takesNothing() {
    return !takesIdentity() && best() == null;
  }

  /** What it likes most, and of equals the better one; null where that is not to pack. */
  public @Nullable Coding best() {
    Coding best = null;
    float most = Math.max(0, identity);
    for (Coding coding : Coding.values()) {
      float weight = weight(coding);
      boolean isBetter = best == null ? weight > 0 && weight >= most : weight > most;
      if (isBetter && coding.isThere()) {
        best = coding;
        most = weight;
      }
    }
    return best;
  }

  /** Who says that anything goes gets what most can unpack. */
  private float weight(Coding coding) {
    float said = coding == Coding.ZSTD ? zstd : gzip;
    boolean isAny = coding == Coding.GZIP || gzip == 0;
    return said == UNSAID && isAny ? others : said;
  }
}
