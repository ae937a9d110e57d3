package dev.escala.embedded;

import dev.escala.app.Application;
import dev.escala.app.Configuration;
import dev.escala.config.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, SQS and the server, started in this order and stopped in the opposite one. */
public final class Demo implements AutoCloseable {
  private static final String QUEUE = "flights";
  private static final String YAML = "demo.yaml";
  private static final String QUERY = "late_routes.sql";

  private final EmbeddedDatabase database;
  private final EmbeddedQueue queue;
  private final String queueUrl;
  private final Application application;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Demo(
      EmbeddedDatabase database, EmbeddedQueue queue, String queueUrl, Application application) {
    this.database = database;
    this.queue = queue;
    this.queueUrl = queueUrl;
    this.application = application;
  }

  /**
   * Starts everything; what was started is stopped again where the rest fails.
   *
   * @param port of the server, the admin port follows it; 0 takes free ones
   * @param data where the data stays, or absent
   */
  public static Demo start(int port, Optional<Path> data) {
    if (port != 0) {
      requireFree(port);
      requireFree(port + 1);
    }
    CompletableFuture<EmbeddedQueue> starting = CompletableFuture.supplyAsync(EmbeddedQueue::start);
    EmbeddedDatabase database = null;
    try {
      database = EmbeddedDatabase.start(data);
      EmbeddedQueue queue = started(starting);
      String queueUrl = queue.create(QUEUE);
      Configuration configuration = configuration(port, database, queue, queueUrl);
      Demo demo =
          new Demo(
              database, queue, queueUrl, Application.start(configuration, Application.Role.ALL));
      demo.awaitReads();
      return demo;
    } catch (RuntimeException failure) {
      undo(database, starting);
      throw failure;
    }
  }

  /** Before anything is started that takes seconds, and may leave something behind. */
  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of a server that just ended do not matter
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException taken) {
      throw new CannotStart(
          "cannot listen on localhost:%d: %s".formatted(port, taken.getMessage()),
          "--port takes another.",
          taken);
    }
  }

  private static EmbeddedQueue started(CompletableFuture<EmbeddedQueue> starting) {
    try {
      return starting.join();
    } catch (CompletionException failure) {
      throw new CannotStart(
          "SQS does not start: " + failure.getCause(),
          "it takes a free port of localhost, which has to be an address of this machine.",
          failure);
    }
  }

  private static void undo(
      @Nullable EmbeddedDatabase database, CompletableFuture<EmbeddedQueue> starting) {
    if (database != null) {
      database.close();
    }
    var _ = starting.thenAccept(EmbeddedQueue::close);
  }

  private static Configuration configuration(
      int port, EmbeddedDatabase database, EmbeddedQueue queue, String queueUrl) {
    try {
      Path queries = Files.createTempDirectory("escala-queries");
      Path query = Files.writeString(queries.resolve(QUERY), resource(QUERY));
      Map<String, String> variables =
          Map.of(
              "HTTP_PORT", Integer.toString(port),
              "ADMIN_PORT", Integer.toString(port == 0 ? 0 : port + 1),
              "DATABASE_URL", database.url(),
              "READ_URL", database.readUrl(),
              "QUEUE_URL", queueUrl,
              "QUEUE_ENDPOINT", queue.endpoint().toString(),
              "QUERIES", queries.toString());
      Configuration read = Configuration.read(YAML, resource(YAML), variables::get);
      Files.delete(query); // it is read
      Files.delete(queries);
      return read;
    } catch (IOException | ConfigurationException damaged) {
      throw new UncheckedIOException(new IOException(damaged));
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream resource = Demo.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(resource, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void awaitReads() {
    try {
      FirstReads.awaitByMetrics(URI.create("http://localhost:" + adminPort() + "/metrics"));
    } catch (IOException failure) {
      close();
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The server's address. */
  URI url() {
    return URI.create("http://localhost:" + application.httpPort());
  }

  int adminPort() {
    return application.adminPort();
  }

  EmbeddedDatabase database() {
    return database;
  }

  /** The topic whose messages reach the table {@code flights} through SNS and SQS. */
  DemoTopic flights() {
    return new DemoTopic(queue.client(), queueUrl, QUEUE);
  }

  /** Whether it is being stopped, or was. */
  boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      application.close();
      queue.close();
      database.close();
    }
  }
}
