package dev.escala.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.testing.Ended;
import dev.escala.testing.RawConnection;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class OutOfMemoryTest {

  /** A server whose only request fails as its argument says; ends with 0 when it was answered. */
  static final class Failing {
    private Failing() {}

    public static void main(String[] arguments) throws IOException {
      Throwable cause =
          arguments[0].equals("memory")
              ? new OutOfMemoryError("Cannot reserve 16 bytes of direct buffer memory")
              : new IllegalStateException("something else");
      Vertx vertx =
          AcceptingTransport.vertx(
              new VertxOptions(), ConnectionSettings.standard(), observation -> {});
      Router router =
          new Router()
              .on(
                  "GET",
                  "/",
                  exchange -> {
                    throw new IllegalStateException("a library wraps it", cause);
                  });
      HttpListener listener =
          new HttpListener(vertx, observation -> {}, () -> router).start("127.0.0.1", 0, 1);
      try (RawConnection connection = new RawConnection(listener.port())) {
        String answer = connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();
        System.exit(answer.startsWith("500 ") ? 0 : 1);
      }
    }
  }

  private static Ended run(String cause) throws IOException, InterruptedException {
    return Ended.run(
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Failing.class.getName(),
                cause)));
  }

  @Test
  void aRequestThatFailsForWantOfMemoryEndsTheProcess() throws Exception {
    Ended ended = run("memory");
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(3);
    assertThat(ended.output()).contains("Terminating due to java.lang.OutOfMemoryError");
  }

  @Test
  void aRequestThatFailsForAnotherReasonIsAnswered() throws Exception {
    Ended ended = run("other");
    assertThat(ended.exitCode()).as(ended.output()).isZero();
  }
}
