package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes over HTTP, with an index of somebody else behind them. */
class ConsoleTest {
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Vertx VERTX =
      AcceptingTransport.vertx(
          new VertxOptions(), ConnectionSettings.standard(), observation -> {});
  private static HttpListener listener;

  @BeforeAll
  static void start() {
    Console console = new Console();
    listener =
        new HttpListener(
            VERTX,
            observation -> {},
            () -> {
              Router router = new Router();
              console.register(router, exchange -> exchange.json(200, "{\"index\":true}"));
              return router;
            });
    listener.start("localhost", 0, 1);
  }

  @AfterAll
  static void stop() {
    listener.close();
    VERTX.close().await();
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, headers);
  }

  private static HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + listener.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> page() throws IOException, InterruptedException {
    return get("/", "Accept", BROWSER);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String version() throws IOException, InterruptedException {
    Matcher found = Pattern.compile("console/(\\w{16})/app\\.js").matcher(page().body());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        BROWSER,
        "text/html",
        "TEXT/HTML;q=0.3",
        "application/json;q=0.5,text/html",
        "text/html;level=1;q=1.0"
      })
  void browsersGetThePage(String accept) throws IOException, InterruptedException {
    HttpResponse<String> answer = get("/", "Accept", accept);
    assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.body()).contains("<escala-app>").doesNotContain("@version@");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/json",
        "text/html;q=0",
        "application/json,text/html;q=0.9",
        ""
      })
  void allOthersGetTheIndex(String accept) throws IOException, InterruptedException {
    HttpResponse<String> answer = accept.isEmpty() ? get("/") : get("/", "Accept", accept);
    assertThat(answer.body()).isEqualTo("{\"index\":true}");
    assertThat(send("POST", "/", "Accept", BROWSER).body()).isEqualTo("{\"index\":true}");
  }

  @Test
  void thePageMayDoNothingButWhatTheConsoleDoes()
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    HttpResponse<String> answer = page();
    Matcher map =
        Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
            .matcher(answer.body());
    assertThat(map.find()).isTrue();
    String hash =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(map.group(1).getBytes(StandardCharsets.UTF_8)));

    assertThat(header(answer, "Content-Security-Policy"))
        .contains(
            "default-src 'none'",
            "script-src 'self' 'sha256-" + hash + "';",
            "frame-ancestors 'none'",
            "base-uri 'none'")
        .doesNotContain("unsafe");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(answer, "Vary")).contains("Accept");
  }

  /** Inline code or styles would be dead under the policy. */
  @Test
  void thePageHasNoCodeOfItsOwnAndNoAddressThatAPrefixWouldBreak()
      throws IOException, InterruptedException {
    String page = page().body();
    assertThat(page).doesNotContain("style=", "<style", "onload=", "onclick=", "http:", "https:");
    Matcher addresses = Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(page);
    assertThat(addresses.results().map(found -> found.group(1)))
        .hasSizeGreaterThan(5)
        .allMatch(address -> address.startsWith("console/"));
  }

  @Test
  void eachFileIsThereForEver() throws IOException, InterruptedException {
    String version = version();
    List<ConsoleFiles.Listed> listed = ConsoleFiles.list();
    assertThat(listed).hasSizeGreaterThan(40);
    for (ConsoleFiles.Listed each : listed) {
      HttpResponse<String> answer = get("/console/" + version + "/" + each.name());
      assertThat(answer.statusCode()).as(each.name()).isEqualTo(200);
      assertThat(answer.body()).as(each.name()).isNotBlank();
      assertThat(header(answer, "Content-Type")).matches("(text|image)/.*");
      assertThat(header(answer, "Cache-Control")).contains("immutable");
      assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.body()).as("no names are left open").doesNotContain("${version.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/console/VERSION/Console.class",
    "/console/VERSION/files.list",
    "/console/VERSION/index.html",
    "/console/VERSION/../app.js",
    "/console/VERSION/style/..%2Fapp.js",
    "/console/VERSION/",
    "/console/VERSION",
    "/console/0123456789abcdef/app.js",
    "/console/VERSION/META-INF/MANIFEST.MF"
  })
  void nothingElseIsThere(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path.replace("VERSION", version()));
    assertThat(answer.statusCode()).as(path).isEqualTo(404);
    assertThat(answer.body()).contains("ESC100");
  }

  @Test
  void whoHasItIsToldSo() throws IOException, InterruptedException {
    String app = "/console/" + version() + "/app.js";
    for (String[] asked : new String[][] {{"/", "Accept", BROWSER}, {app, "Accept", "*/*"}}) {
      String tag = header(get(asked[0], asked[1], asked[2]), "ETag");
      HttpResponse<String> again =
          get(asked[0], asked[1], asked[2], "If-None-Match", "\"other\", " + tag);
      assertThat(again.statusCode()).as(asked[0]).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(get(asked[0], asked[1], asked[2], "If-None-Match", "\"other\"").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void headSaysWhatGetWould() throws IOException, InterruptedException {
    HttpResponse<String> head = send("HEAD", "/", "Accept", BROWSER);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "ETag")).isEqualTo(header(page(), "ETag"));
  }

  @Test
  void theAddressThatPeopleGuessLeadsToThePage() throws IOException, InterruptedException {
    assertThat(header(get("/console"), "Location")).isEqualTo("./");
    assertThat(header(get("/console/"), "Location")).isEqualTo("../");
    assertThat(get("/console/").statusCode()).isEqualTo(302);
  }
}
