package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no HTTP, or means two things at once, gets at most one answer and does no harm. */
@Tag("integration")
class RawGarbageTest {
  private static final FuzzedServer SERVER = new FuzzedServer();
  private static final String SMUGGLED =
      "GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** The first request ends in one place for one reader, elsewhere for another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        "Content-Length: 0, 44\r\n\r\n",
        "Content-Length: +0\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 0x0\r\n\r\n",
        "Content-Length : 0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n\r\n",
        "X: a\u0000b\r\n\r\n",
        "\u0000: a\r\n\r\n",
        "X\r\n\r\n"
      })
  void whatFollowsAnAmbiguousRequestIsNotAnswered(String headers) {
    String said = SERVER.said("POST /topics/fuzzed HTTP/1.1\r\nHost: a\r\n" + headers + SMUGGLED);
    assertThat(said).doesNotContain("smuggled");
    if (!said.isEmpty()) {
      assertThat(Answer.of(said).status()).isEqualTo(400);
      assertThat(Answer.of(said).rest()).isEmpty();
    }
    stillAnswers();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /\r\n\r\n",
        "GET\r\n\r\n",
        "/ GET HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage that is no frame",
        "GET http://[ HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET * HTTP/1.1\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /ping HTTP/1.1\r\n"
            + "Connection: upgrade\r\n"
            + "Upgrade: websocket\r\n"
            + "Sec-WebSocket-Key: x\r\n"
            + "Connection: close\r\n\r\n"
      })
  void whatIsNoRequestIsAnsweredOrDisconnected(String octets) {
    String said = SERVER.said(octets);
    assertThat(!said.startsWith("HTTP/1.") || Answer.of(said).status() < 500).as(said).isTrue();
    stillAnswers();
  }

  @Test
  void manyRequestsOnOneConnectionAreAnsweredInOrder() {
    String ping = "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n";
    String said = SERVER.said(ping.repeat(200) + SMUGGLED);
    assertThat(said.split("\\{\"status\":\"ok\"}", -1)).hasSize(201);
    assertThat(said).endsWith("There is no database 'smuggled'\"}");
  }

  @Test
  void noOctetsStopTheServer() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] octets = new byte[random.nextInt(1, 2_000)];
      random.nextBytes(octets);
      try (RawConnection connection = new RawConnection(SERVER.port())) {
        connection.send(
            (random.nextBoolean() ? "GET /db/fuzzed?" : "")
                + new String(octets, StandardCharsets.ISO_8859_1));
      }
    }
    stillAnswers();
  }

  /** Connections that say little, slowly, are no reason to keep others waiting. */
  @Test
  void halfRequestsKeepNobodyWaiting() throws IOException {
    RawConnection[] slow = new RawConnection[200];
    for (int i = 0; i < slow.length; i++) {
      slow[i] = new RawConnection(SERVER.port());
      slow[i].send("POST /topics/fuzzed HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
    }
    stillAnswers();
    for (RawConnection connection : slow) {
      connection.close();
    }
    stillAnswers();
  }

  private static void stillAnswers() {
    assertThat(SERVER.get("/ping").status()).isEqualTo(200);
  }
}
