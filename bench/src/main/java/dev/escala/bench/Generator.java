package dev.escala.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over HTTP/1.1 from several addresses of the loopback, on one thread. In an open
 * loop they are due by a schedule that no answer delays, as those of many clients are. What finds
 * no connection free is not sent: to wait here would make late what the server answers at once.
 */
final class Generator implements AutoCloseable {
  /** What comes later than this finds nobody who waits for it. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How long an open loop goes before it counts: connections open, and lines fill. */
  private static final Duration LEAD = Duration.ofSeconds(1);

  /** How long a request waits for a connection. */
  private static final Duration UNSENT = Duration.ofMillis(20);

  /** Less than a server lets one client have. */
  private static final int CONNECTIONS_EACH = 100;

  private static final int READ_BYTES = 256 << 10;

  private final InetSocketAddress server;
  private final List<InetAddress> addresses = new ArrayList<>();
  private final Selector selector = Selector.open();
  private final ByteBuffer read = ByteBuffer.allocateDirect(READ_BYTES);
  private final Set<Wire> wires = new HashSet<>();
  private final Deque<Wire> idle = new ArrayDeque<>();
  private final Deque<Long> due = new ArrayDeque<>();
  private Tally tally = new Tally(PATIENCE.toNanos());
  private int opened;
  private long countsFrom;

  /**
   * What is sent.
   *
   * @param octets with the head
   */
  record Request(String kind, ByteBuffer octets) {}

  /** From 127.0.0.FIRST and those that follow. */
  Generator(int port, int first, int addresses) throws IOException {
    server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    for (int i = 0; i < addresses; i++) {
      this.addresses.add(InetAddress.ofLiteral("127.0.0." + (first + i)));
    }
  }

  /** So many connections, each of which asks again when it was answered. */
  Tally closed(Supplier<Request> requests, int connections, Duration time) throws IOException {
    return run(
        requests,
        Duration.ZERO,
        time,
        (start, now) -> {
          while (due.size() + wires.size() - idle.size() < connections) {
            due.addLast(now);
          }
        });
  }

  /** So many requests a second, whatever becomes of them. */
  Tally open(Supplier<Request> requests, double rate, Duration time) throws IOException {
    long[] arrived = {0};
    return run(
        requests,
        LEAD,
        time,
        (start, now) -> {
          for (; arrived[0] <= (now - start) * rate / 1e9; arrived[0]++) {
            due.addLast(start + (long) (arrived[0] * 1e9 / rate));
          }
        });
  }

  private interface Schedule {
    /** Adds what is due by now. */
    void arrive(long startNanos, long nowNanos);
  }

  private Tally run(Supplier<Request> requests, Duration lead, Duration time, Schedule schedule)
      throws IOException {
    tally = new Tally(PATIENCE.toNanos());
    due.clear();
    long start = System.nanoTime();
    countsFrom = start + lead.toNanos();
    long now = start;
    while (now - countsFrom < time.toNanos()) {
      schedule.arrive(start, now);
      send(requests, now);
      turn();
      now = System.nanoTime();
    }
    tally.lasted(now - countsFrom);
    for (long end = now; wires.size() > idle.size() && now - end < PATIENCE.toNanos(); ) {
      turn();
      now = System.nanoTime();
    }
    for (Wire wire : List.copyOf(wires)) {
      if (wire.isBusy()) {
        other("unanswered", wire.due());
      }
      wire.close();
    }
    wires.clear();
    idle.clear();
    return tally;
  }

  private void turn() throws IOException {
    selector.select(key -> ready((Wire) key.attachment()), 1);
  }

  private void send(Supplier<Request> requests, long now) {
    while (!due.isEmpty()) {
      Wire wire = idle.isEmpty() ? open() : idle.removeLast();
      if (wire == null) {
        dropLate(now);
        return;
      }
      try {
        wire.send(requests.get(), due.removeFirst());
      } catch (IOException gone) {
        broken(wire);
      }
    }
  }

  /** Without a connection; where there is one it is sent, however late this thread is itself. */
  private void dropLate(long now) {
    while (!due.isEmpty() && now - due.getFirst() > UNSENT.toNanos()) {
      other("unsent", due.removeFirst());
    }
  }

  private @Nullable Wire open() {
    if (wires.size() >= CONNECTIONS_EACH * addresses.size()) {
      return null;
    }
    try {
      Wire wire = new Wire(selector, addresses.get(opened++ % addresses.size()), server);
      wires.add(wire);
      return wire;
    } catch (IOException refused) {
      tally.other("not connected");
      return null;
    }
  }

  private void other(String what, long wasDue) {
    if (wasDue >= countsFrom) {
      tally.other(what);
    }
  }

  private void ready(Wire wire) {
    try {
      if (wire.ready(read)) {
        ended(wire);
      }
    } catch (IOException gone) {
      broken(wire);
    }
  }

  private void ended(Wire wire) {
    Wire.Answer answer = wire.answer();
    if (wire.due() >= countsFrom) {
      tally.answered(
          wire.kind(), answer.status(), answer.hasRetryAfter(), System.nanoTime() - wire.due());
    }
    if (wire.isOver()) {
      forget(wire);
    } else {
      idle.addLast(wire);
    }
  }

  private void broken(Wire wire) {
    if (wire.isBusy()) {
      other("connection broken", wire.due());
    }
    idle.remove(wire);
    forget(wire);
  }

  private void forget(Wire wire) {
    wires.remove(wire);
    wire.close();
  }

  @Override
  public void close() throws IOException {
    wires.forEach(Wire::close);
    selector.close();
  }
}
