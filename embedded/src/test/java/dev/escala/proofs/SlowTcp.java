package dev.escala.proofs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** Stands before a server on this machine and passes its answers on as late as it is told. */
final class SlowTcp implements AutoCloseable {
  private static final int LARGEST_PIECE = 1 << 16;
  private static final byte[] END = new byte[0];

  private final int port;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Duration delay = Duration.ZERO;

  @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
  private record Piece(byte[] bytes, long dueNanos) {}

  /** Begins to listen; passes on to this port without delay. */
  SlowTcp(int port) throws IOException {
    this.port = port;
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("slow-accept").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on each answer comes later by so much. */
  void delay(Duration by) {
    delay = by;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException gone) {
        // the server is away: the client's connection was closed
      }
    }
  }

  private void connect(Socket client) throws IOException {
    sockets.add(client);
    Socket server;
    try {
      server = new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException refused) {
      close(client);
      throw refused;
    }
    sockets.add(server);
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    BlockingQueue<Piece> answers = new LinkedBlockingQueue<>();
    start(
        "slow-requests",
        () -> client.getInputStream().transferTo(server.getOutputStream()),
        client,
        server);
    start("slow-read", () -> read(server.getInputStream(), answers), client, server);
    start("slow-write", () -> write(answers, client.getOutputStream()), client, server);
  }

  private interface Passing {
    void run() throws IOException, InterruptedException;
  }

  /** Where one direction ends the other does, too. */
  private void start(String name, Passing passing, Socket client, Socket server) {
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                passing.run();
              } catch (IOException ended) {
                // either side is gone
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              } finally {
                if (!name.equals("slow-read")) {
                  close(client);
                  close(server);
                }
              }
            });
  }

  private void read(InputStream from, BlockingQueue<Piece> answers) throws IOException {
    byte[] buffer = new byte[LARGEST_PIECE];
    try {
      for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
        answers.add(new Piece(Arrays.copyOf(buffer, length), System.nanoTime() + delay.toNanos()));
      }
    } finally {
      answers.add(new Piece(END, System.nanoTime()));
    }
  }

  private static void write(BlockingQueue<Piece> answers, OutputStream to)
      throws IOException, InterruptedException {
    for (Piece piece = answers.take(); piece.bytes().length > 0; piece = answers.take()) {
      for (long left = piece.dueNanos() - System.nanoTime();
          left > 0;
          left = piece.dueNanos() - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      to.write(piece.bytes());
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException gone) {
      // that is what was wanted
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(this::close);
  }
}
