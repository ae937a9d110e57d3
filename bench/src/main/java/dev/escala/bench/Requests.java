package dev.escala.bench;

import dev.escala.bench.Generator.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** Requests that are encoded before anything is measured, and sent in turns. */
final class Requests implements Supplier<Request> {
  private static final int DIFFERENT = 1_000;
  private static final int BODIES = 20;
  private static final int LINES = 1_000;
  private static final int ROWS = 1_000_000;

  private final List<Request> requests;
  private int next;

  private Requests(List<Request> requests) {
    this.requests = requests;
  }

  @Override
  public Request get() {
    next = (next + 1) % requests.size();
    return requests.get(next);
  }

  /** Reads of one row by its key. */
  static Requests byKey() {
    Random random = new Random(42);
    List<Request> reads = new ArrayList<>();
    for (int i = 0; i < DIFFERENT; i++) {
      reads.add(read("by key", "?id=eq." + (1 + random.nextInt(ROWS))));
    }
    return new Requests(reads);
  }

  /** Of ten requests six read 20 rows and one 1,000, and three publish one message. */
  static Requests mixed() {
    Random random = new Random(42);
    Events events = new Events(42);
    List<Request> mixed = new ArrayList<>();
    for (int i = 0; i < DIFFERENT; i++) {
      mixed.add(
          switch (i % 10) {
            case 0, 1, 2 -> post("1 message", events.next(1).ndjson(), false);
            case 3 ->
                read("1,000 rows", "?id=gte." + random.nextInt(ROWS) + "&order=id&limit=1000");
            default -> {
              String from = "?origin=eq.LAX&delay_minutes=gte." + (random.nextInt(160) - 60);
              yield read("20 rows", from + "&order=delay_minutes.desc&limit=20");
            }
          });
    }
    Collections.shuffle(mixed, random);
    return new Requests(mixed);
  }

  /** Posts of 1,000 lines. */
  static Requests batches(boolean packed) {
    Events events = new Events(42);
    List<Request> batches = new ArrayList<>();
    for (int i = 0; i < BODIES; i++) {
      batches.add(post("1,000 messages", events.next(LINES).ndjson(), packed));
    }
    return new Requests(batches);
  }

  private static Request read(String kind, String query) {
    return new Request(
        kind, direct("GET /flights/read_rows" + query + " HTTP/1.1\r\nHost: a\r\n\r\n"));
  }

  private static Request post(String kind, byte[] lines, boolean packed) {
    byte[] body = packed ? gzip(lines) : lines;
    String head =
        "POST /topics/flooded HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(packed ? "Content-Encoding: gzip\r\n" : "", body.length);
    return new Request(kind, direct(head.getBytes(StandardCharsets.US_ASCII), body));
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException impossible) {
      throw new IllegalStateException("memory is written to", impossible);
    }
    return packed.toByteArray();
  }

  private static ByteBuffer direct(String text) {
    return direct(text.getBytes(StandardCharsets.US_ASCII), new byte[0]);
  }

  private static ByteBuffer direct(byte[] head, byte[] body) {
    return ByteBuffer.allocateDirect(head.length + body.length).put(head).put(body).flip();
  }
}
