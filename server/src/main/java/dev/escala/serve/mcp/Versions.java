package dev.escala.serve.mcp;

import java.util.List;

/** Versions of the protocol that are spoken: those of streamable HTTP, the newest last. */
final class Versions {
  static final List<String> SPOKEN = List.of("2025-03-26", "2025-06-18", "2025-11-25");

  private Versions() {}
}
