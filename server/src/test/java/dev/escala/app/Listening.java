package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of server-sent events, which reads as the HTML standard says, and may be cut anytime.
 */
final class Listening implements AutoCloseable {
  private final Socket socket;
  private final int status;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<String> data = new ArrayList<>();
  private final Thread reading;
  private volatile String lastId = "";
  private volatile boolean ended;

  /** Returns when it listens, and what is stored from then on is told; or when it is refused. */
  Listening(RunningServer server, String path, String... headers) {
    this(server, path, List.of(headers));
    eventually("it listens", () -> ended || status != 200 || !lastId.isEmpty());
  }

  /** Returns when the head of the answer is there: it may have to wait for the database. */
  static Listening waiting(RunningServer server, String path, String... headers) {
    return new Listening(server, path, List.of(headers));
  }

  private Listening(RunningServer server, String path, List<String> headers) {
    try {
      socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.address().getPort());
      StringBuilder request =
          new StringBuilder("GET " + path + " HTTP/1.0\r\nAccept: text/event-stream\r\n");
      for (int i = 0; i < headers.size(); i += 2) {
        request.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
      }
      socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader reader = reader(socket.getInputStream());
      status = Integer.parseInt(reader.readLine().substring("HTTP/1.1 ".length()).substring(0, 3));
      for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
        String[] parts = line.split(": ", 2);
        this.headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
      }
      reading = Thread.ofVirtual().start(() -> read(reader));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private void read(BufferedReader reader) {
    try {
      String id = null;
      StringBuilder event = new StringBuilder();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ") || status != 200) {
          event.append(status == 200 ? line.substring(6) : line);
        } else if (line.isEmpty()) {
          dispatch(id, event);
        }
      }
      if (status != 200) {
        dispatch(null, event);
      }
    } catch (IOException cut) {
      // by either side; what was dispatched counts
    } finally {
      ended = true;
    }
  }

  private void dispatch(@Nullable String id, StringBuilder event) {
    synchronized (data) {
      if (id != null) {
        lastId = id;
      }
      if (!event.isEmpty()) {
        data.add(event.toString());
        event.setLength(0);
      }
    }
  }

  int status() {
    return status;
  }

  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** What was told so far. */
  List<String> data() {
    synchronized (data) {
      return List.copyOf(data);
    }
  }

  /** The position behind what was told. */
  String lastId() {
    return lastId;
  }

  /** The body of an answer that is an error; waits for its end. */
  String problem() {
    join();
    return String.join("", data());
  }

  private void join() {
    try {
      reading.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the server ended it, or this side did. */
  boolean isEnded() {
    return ended;
  }

  /** Cuts the connection off, and waits until nothing more is told. */
  @Override
  public void close() {
    cut();
  }

  /** The same, while what was told is still asked for. */
  void cut() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    join();
  }
}
