package dev.escala.serve;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/** Sends requests one behind the other without waiting, and reads their answers. */
final class PipelinedClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final int port;
  private Socket socket;
  private InputStream in;
  private String before = "nothing";

  /** Of header names in small letters the last value. */
  record Answer(int status, Map<String, String> headers, String body) {
    boolean closes() {
      return "close".equals(headers.get("connection"));
    }

    String type() {
      return headers.getOrDefault("content-type", "");
    }
  }

  PipelinedClient(int port) throws IOException {
    this.port = port;
    connect();
  }

  private void connect() throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Sends all, and gives each with its answer. Where the connection ends with an answer, what is
   * left is sent again over another one; an answer that was lost with it is asked for alone.
   */
  void exchange(
      List<DialectFuzz.Request> requests, BiConsumer<DialectFuzz.Request, Answer> answered)
      throws IOException {
    Deque<DialectFuzz.Request> left = new ArrayDeque<>(requests);
    boolean alone = false;
    while (!left.isEmpty()) {
      int sent = send(alone ? List.of(left.element()) : left);
      try {
        boolean open = true;
        for (int i = 0; i < sent && open; i++) {
          Answer answer = answer(left.element());
          before = left.element().shown() + answer;
          answered.accept(left.remove(), answer);
          open = !answer.closes();
        }
        alone = false;
        reconnect(open);
      } catch (IOException lost) {
        if (alone) {
          throw new AssertionError("no whole answer to " + left.element().shown(), lost);
        }
        alone = true;
        reconnect(false);
      }
    }
  }

  private void reconnect(boolean open) throws IOException {
    if (!open) {
      socket.close();
      connect();
    }
  }

  /** How many were sent: nothing is, behind one that ends the connection. */
  private int send(Iterable<DialectFuzz.Request> requests) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int sent = 0;
    boolean open = true;
    for (Iterator<DialectFuzz.Request> each = requests.iterator(); each.hasNext() && open; sent++) {
      DialectFuzz.Request request = each.next();
      all.writeBytes(request.text().getBytes(StandardCharsets.ISO_8859_1));
      open = !request.headers().contains("Connection: close");
    }
    try {
      socket.getOutputStream().write(all.toByteArray());
    } catch (SocketException closed) {
      // it answered before it closed
    }
    return sent;
  }

  private Answer answer(DialectFuzz.Request request) throws IOException {
    Answer answer;
    do {
      answer = read(request.method().equals("HEAD"));
    } while (answer.status() == 100);
    return answer;
  }

  private Answer read(boolean isHead) throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new AssertionError("no answer, behind that to " + before + ": " + status);
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int code = Integer.parseInt(status.substring(9, 12));
    boolean bare = isHead || code < 200 || code == 204 || code == 304;
    byte[] body = bare ? new byte[0] : body(headers);
    return new Answer(code, headers, new String(body, StandardCharsets.UTF_8));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      return octets(Integer.parseInt(headers.getOrDefault("content-length", "none")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int length;
    do {
      length = Integer.parseInt(line(), 16);
      body.writeBytes(octets(length));
      line();
    } while (length > 0);
    return body.toByteArray();
  }

  private byte[] octets(int length) throws IOException {
    byte[] octets = in.readNBytes(length);
    if (octets.length < length) {
      throw new EOFException();
    }
    return octets;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed after: " + line);
      }
      line.append((char) next);
    }
    return line.substring(0, line.length() - 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
