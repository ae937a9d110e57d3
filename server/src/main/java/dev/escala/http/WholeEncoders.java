package dev.escala.http;

import dev.escala.http.coding.Coding;
import dev.escala.http.coding.Encoder;
import java.util.EnumMap;
import java.util.Map;

/** Packs bodies that are small enough to be packed at once. Of one event loop, for all its time. */
final class WholeEncoders {
  private final Map<Coding, Encoder> kept = new EnumMap<>(Coding.class);

  byte[] packed(Coding coding, byte[] body) {
    return kept.computeIfAbsent(coding, Coding::encoder).pack(body, Encoder.Then.END);
  }
}
