package dev.escala.ingest.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between one instance and the database, which can be cut in several ways. */
final class Wire implements AutoCloseable {
  /** So that faults meet what is under way. */
  private static final Duration LATENCY = Duration.ofMillis(1);

  private final int target;
  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean gone;
  private volatile boolean stalled;

  /** To a port of this machine. */
  Wire(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofVirtual().name("wire").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (gone) {
          client.close();
        } else {
          links.add(new Link(client));
        }
      } catch (IOException unreachable) {
        // The client sees it, too.
      }
    }
  }

  /** All connections break now, whatever is on its way. */
  void cut() {
    links.forEach(Link::close);
  }

  /** Each connection breaks with its next answer, which is lost: what was asked for is done. */
  void cutAnswers() {
    links.forEach(link -> link.losesAnswer = true);
  }

  /** Nothing goes through, and nothing breaks, until it is released. */
  void stall() {
    stalled = true;
  }

  void release() {
    stalled = false;
  }

  /** For good, as if the process were gone. */
  void end() {
    gone = true;
    stalled = false;
    cut();
  }

  @Override
  public void close() {
    end();
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** One connection. */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private volatile boolean losesAnswer;

    Link(Socket client) throws IOException {
      this.client = client;
      try {
        server = new Socket(InetAddress.getLoopbackAddress(), target);
      } catch (IOException refused) {
        client.close();
        throw refused;
      }
      Thread.ofVirtual().start(() -> pump(client, server, false));
      Thread.ofVirtual().start(() -> pump(server, client, true));
    }

    private void pump(Socket from, Socket to, boolean answers) {
      byte[] buffer = new byte[16 << 10];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          do {
            Thread.sleep(LATENCY);
          } while (stalled);
          if (answers && losesAnswer) {
            break;
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException broken) {
        // Both sides see it.
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
      close();
    }

    void close() {
      links.remove(this);
      try (client;
          server) {
        client.setSoLinger(true, 0);
      } catch (IOException closed) {
        // as it should
      }
    }
  }
}
