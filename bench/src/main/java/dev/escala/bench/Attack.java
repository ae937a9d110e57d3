package dev.escala.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/** What one client does to a server from 127.0.0.1, until it is closed. */
final class Attack implements AutoCloseable {
  private static final String LARGE = "/flights?q=SELECT%20*%20FROM%20wide";
  private static final int SETTINGS = 4;
  private static final int HEADERS = 1;
  private static final int SLOW_OCTETS = 4 << 10;

  private final int port;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  /** How it begins. */
  interface Beginning {
    void on(Attack attack) throws IOException;
  }

  Attack(int port, Beginning beginning) throws IOException {
    this.port = port;
    beginning.on(this);
  }

  void unreadAnswers() throws IOException {
    for (int i = 0; i < 65; i++) {
      connect().getOutputStream().write(get(LARGE));
    }
  }

  /** Twenty-six on one connection of HTTP/2, whose window stays closed. */
  void unreadStreams() throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    octets.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    octets.writeBytes(frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}));
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x41, 1, 'a', 0x44});
    block.write(LARGE.length());
    block.writeBytes(LARGE.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 26; i++) {
      octets.writeBytes(frame(HEADERS, 5, 2 * i + 1, block.toByteArray()));
    }
    connect().getOutputStream().write(octets.toByteArray());
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(
        new byte[] {
          0, 0, (byte) payload.length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream
        });
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  void halfRequests() throws IOException {
    byte[] half =
        ("GET /ping?" + "a".repeat(30_000) + " HTTP/1.1\r\nX: " + "a".repeat(15_000))
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 1_000; i++) {
      try {
        connect().getOutputStream().write(half);
      } catch (IOException cut) {
        // the server has enough of them
      }
    }
  }

  /** SQL that goes on though it is cancelled, and reads that look at a million rows. */
  void slowSql() {
    again(4, i -> get("/flights?q=SELECT%20stubborn(" + i + ")"));
  }

  void slowReads() {
    String many = ",1".repeat(12_000).substring(1);
    again(
        6,
        i ->
            get(
                "/flights/read_rows?select=id&distance_miles=in.(-"
                    + i
                    + ","
                    + many
                    + ")&limit=5"));
    again(6, i -> get("/flights/read_rows?select=id&destination=match.(a%7Cb)+q" + i + "&limit=5"));
  }

  /** Sixteen that take 40 KB a second of a million rows. */
  void slowReaders() {
    for (int i = 0; i < 16; i++) {
      start(
          () -> {
            Socket socket = connect();
            socket.getOutputStream().write(get("/flights/read_rows"));
            while (!over && socket.getInputStream().readNBytes(SLOW_OCTETS).length > 0) {
              LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
          });
    }
  }

  void packedBodies() throws IOException {
    byte[] body = gzip("{\"n\":1}\n".getBytes(StandardCharsets.US_ASCII), 900_000);
    String head =
        "POST /topics/flooded HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
            + "Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n".formatted(body.length);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    again(32, i -> request.toByteArray());
  }

  void refusals() {
    again(32, i -> get("/flights/read_rows?id=nonsense"));
  }

  /** Reads by key as fast as they are answered, over as many connections as one client may have. */
  void flood() {
    start(
        () -> {
          Requests reads = Requests.byKey();
          try (Generator generator = new Generator(port, 1, 1)) {
            while (!over) {
              generator.closed(reads, 200, Duration.ofMillis(500));
            }
          }
        });
  }

  void inventedTopics() {
    int[] next = {0};
    again(
        8,
        i ->
            "POST /topics/invented_%d HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n{\"n\":1}"
                .formatted(next[0]++)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private interface Octets {
    byte[] of(int connection);
  }

  private interface Work {
    void run() throws IOException;
  }

  /** So many connections that each ask, wait for something of an answer, and ask again. */
  private void again(int connections, Octets request) {
    for (int i = 0; i < connections; i++) {
      int number = i;
      start(
          () -> {
            while (!over) {
              askOnce(request.of(number));
            }
          });
    }
  }

  private void askOnce(byte[] request) {
    byte[] some = new byte[SLOW_OCTETS];
    try (Socket socket = connect()) {
      InputStream answers = socket.getInputStream();
      do {
        socket.getOutputStream().write(request);
      } while (answers.read(some) > 0 && !over);
    } catch (IOException cut) {
      // comes again
    }
  }

  private void start(Work work) {
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    work.run();
                  } catch (IOException cut) {
                    // it has been stopped
                  }
                }));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    sockets.add(socket);
    return socket;
  }

  private static byte[] get(String path) {
    return "GET %s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] gzip(byte[] line, int lines) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < lines; i++) {
        gzip.write(line);
      }
    }
    return packed.toByteArray();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    over = true;
    for (Socket socket : sockets) {
      socket.close();
    }
    for (Thread thread : threads) {
      join(thread);
    }
  }
}
