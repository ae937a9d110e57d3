package dev.escala.bench;

import dev.escala.bench.Generator.Request;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One connection of a generator, with at most one request under way. */
final class Wire {
  private static final int MOST_HEAD = 4 << 10;
  private static final int END_OF_HEAD = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

  /** {@code 0 CR LF CR LF} ends a body in chunks; the first octet stands in the fifth place. */
  private static final long END_OF_CHUNKS = (long) '0' << 32 | END_OF_HEAD;

  private static final long FIVE_OCTETS = 0xFF_FFFF_FFFFL;

  private final SocketChannel channel = SocketChannel.open();
  private final SelectionKey key;
  private final byte[] head = new byte[MOST_HEAD];
  private @Nullable ByteBuffer unsent;
  private @Nullable Answer answer;
  private String kind = "";
  private long due;
  private boolean busy;
  private int headLength;
  private boolean answered;
  private long left;
  private long tail;

  /** The head of an answer, as far as it matters. */
  record Answer(int status, boolean hasRetryAfter, boolean closes, long length) {
    static final long CHUNKED = -1;

    static Answer of(String head) {
      int at = head.indexOf("\r\ncontent-length:");
      return new Answer(
          Integer.parseInt(head.substring(9, 12)),
          head.contains("\r\nretry-after:"),
          head.contains("\r\nconnection: close"),
          at < 0
              ? CHUNKED
              : Long.parseLong(head.substring(at + 17, head.indexOf('\r', at + 2)).strip()));
    }
  }

  Wire(Selector selector, InetAddress from, InetSocketAddress server) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.bind(new InetSocketAddress(from, 0));
    boolean connected = channel.connect(server);
    key =
        channel.register(
            selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
  }

  void send(Request request, long dueNanos) throws IOException {
    unsent = request.octets().duplicate();
    kind = request.kind();
    due = dueNanos;
    busy = true;
    answer = null;
    answered = false;
    headLength = 0;
    tail = 0;
    if (channel.isConnected()) {
      write();
    }
  }

  private void write() throws IOException {
    ByteBuffer rest = unsent;
    if (rest != null) {
      channel.write(rest);
      boolean more = rest.hasRemaining();
      unsent = more ? rest : null;
      key.interestOps(SelectionKey.OP_READ | (more ? SelectionKey.OP_WRITE : 0));
    }
  }

  /** Goes on; true when the request was answered and nothing of it is left to send. */
  boolean ready(ByteBuffer buffer) throws IOException {
    if (key.isConnectable() && channel.finishConnect()) {
      key.interestOps(SelectionKey.OP_READ);
      write();
    }
    if (key.isWritable()) {
      write();
    }
    if (key.isReadable()) {
      buffer.clear();
      if (channel.read(buffer) < 0) {
        throw new EOFException();
      }
      take(buffer.flip());
    }
    boolean ends = busy && answered && (unsent == null || answer().closes());
    busy &= !ends;
    return ends;
  }

  private void take(ByteBuffer octets) throws IOException {
    while (answer == null && octets.hasRemaining()) {
      byte octet = octets.get();
      if (headLength == MOST_HEAD) {
        throw new IOException("a head without end");
      }
      head[headLength++] = octet;
      tail = (tail << 8) | (octet & 0xFF);
      if ((int) tail == END_OF_HEAD) {
        answer =
            Answer.of(
                new String(head, 0, headLength, StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT));
        left = answer.length();
        answered = left == 0;
      }
    }
    if (octets.hasRemaining()) {
      body(octets);
    }
  }

  private void body(ByteBuffer octets) {
    if (answer().length() != Answer.CHUNKED) {
      left -= octets.remaining();
      answered = left == 0;
      return;
    }
    for (int at = Math.max(octets.position(), octets.limit() - 5); at < octets.limit(); at++) {
      tail = ((tail << 8) | (octets.get(at) & 0xFF)) & FIVE_OCTETS;
    }
    answered = tail == END_OF_CHUNKS;
  }

  Answer answer() {
    if (answer == null) {
      throw new IllegalStateException("not answered");
    }
    return answer;
  }

  String kind() {
    return kind;
  }

  /** When its request was due. */
  long due() {
    return due;
  }

  boolean isBusy() {
    return busy;
  }

  /** Whether the server said that nothing follows on the connection. */
  boolean isOver() {
    return answer().closes();
  }

  void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException alreadyClosed) {
      // it is what is wanted
    }
  }
}
