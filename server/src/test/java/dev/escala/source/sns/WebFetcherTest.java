package dev.escala.source.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over clear text, which {@link CertificateAddress} lets nobody ask for. */
class WebFetcherTest {
  private final WebFetcher fetcher = new WebFetcher(Duration.ofSeconds(20));
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server = start();

  private HttpServer start() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      started.setExecutor(threads);
      return started;
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @BeforeEach
  void answer() {
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(path);
          int number = Integer.parseInt(path.substring(1));
          boolean isStatus = number < 1000;
          if (isStatus && number / 100 == 3) {
            exchange.getResponseHeaders().add("Location", "/2000");
          }
          byte[] body = new byte[isStatus ? 0 : number];
          exchange.sendResponseHeaders(isStatus ? number : 200, isStatus ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 10);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          try {
            end.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.close();
  }

  private URI at(String path) {
    return URI.create("http://localhost:%d%s".formatted(server.getAddress().getPort(), path));
  }

  @Test
  void getsAFile() throws IOException {
    assertThat(fetcher.get(at("/" + WebFetcher.MOST_BYTES))).hasSize(WebFetcher.MOST_BYTES);
  }

  @Test
  void takesNoMoreThanALittle() {
    assertThatThrownBy(() -> fetcher.get(at("/" + (WebFetcher.MOST_BYTES + 1))))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Fetcher.NotThere.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNobodyElsewhere(int status) {
    assertThatThrownBy(() -> fetcher.get(at("/" + status))).isInstanceOf(Fetcher.NotThere.class);
    assertThat(asked).containsExactly("/" + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404})
  void knowsThatThereIsNone(int status) {
    assertThatThrownBy(() -> fetcher.get(at("/" + status))).isInstanceOf(Fetcher.NotThere.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void doesNotKnowWhereNobodySays(int status) {
    assertThatThrownBy(() -> fetcher.get(at("/" + status)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Fetcher.NotThere.class);
  }

  /** The head is there, the body never is. */
  @Test
  void doesNotWaitForEver() {
    WebFetcher hasty = new WebFetcher(Duration.ofMillis(200));
    assertThatThrownBy(() -> hasty.get(at("/slow")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("200 ms");
  }

  @Test
  void whoIsNotThereGivesNothing() {
    server.stop(0);
    assertThatThrownBy(() -> fetcher.get(at("/1000")))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Fetcher.NotThere.class);
  }
}
