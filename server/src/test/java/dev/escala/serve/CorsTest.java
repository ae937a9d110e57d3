package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.CorsSettings;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers are told, and {@code OPTIONS}. */
@Tag("integration")
class CorsTest {
  private static final String PAGE = "https://app.example.org";
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        "CREATE TABLE t (id int); CREATE TABLE many AS SELECT generate_series(1, 2000)");
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return String.join("; ", answer.headers().allValues(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/db", "/db/", "/db/t"})
  void optionsTellWhatMayBeAsked(String path) {
    HttpResponse<String> answer = served.send("OPTIONS", path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Allow")).isEqualTo("OPTIONS,GET,HEAD");
    assertThat(header(answer, "Content-Length")).isEqualTo("0");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(answer, "Content-Type")).isEmpty();
  }

  @Test
  void optionsOfWhatIsNotThereAreAnError() {
    assertThat(served.send("OPTIONS", "/db/nope").body()).contains("PGRST205");
    assertThat(served.send("OPTIONS", "/db/t", "Content-Profile", "secret").body())
        .contains("PGRST106");
    assertThat(served.send("OPTIONS", "/db/t", "Accept-Profile", "secret").statusCode())
        .as("the profile of reads")
        .isEqualTo(200);
    assertThat(served.send("OPTIONS", "/nope/t").statusCode()).isEqualTo(404);
    assertThat(served.send("OPTIONS", "/db/t/").body()).contains("PGRST125");
  }

  @Test
  void optionsSeeATableThatIsNew() {
    database.execute("CREATE TABLE fresh (id int)");
    eventually("it is known", () -> served.send("OPTIONS", "/db/fresh").statusCode() == 200);
  }

  @Test
  void aPreflightAllowsWhatWasAsked() {
    HttpResponse<String> answer =
        served.send(
            "OPTIONS",
            "/db/t",
            "Origin",
            PAGE,
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "Foo, Bar");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(answer, "Access-Control-Allow-Methods"))
        .isEqualTo("GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD");
    assertThat(header(answer, "Access-Control-Allow-Headers"))
        .isEqualTo("Authorization, Foo, Bar, Accept, Accept-Language, Content-Language");
    assertThat(header(answer, "Access-Control-Max-Age")).isEqualTo("86400");
    assertThat(header(answer, "Access-Control-Allow-Credentials")).isEmpty();
    assertThat(header(answer, "Allow")).as("no OPTIONS of the relation").isEmpty();
  }

  /** Each route is a series of metrics. */
  @Test
  void preflightsAndWrongPathsHaveNoRouteOfTheirOwn() {
    served.send("OPTIONS", "/db/t/x", "Origin", PAGE, "Access-Control-Request-Method", "PUT");
    served.send("BREW", "/db/t/x/y");
    eventually("the preflight is counted", () -> isCounted("none", "OPTIONS", 200));
    eventually("the wrong path is counted", () -> isCounted("none", "other", 404));
  }

  private static boolean isCounted(String route, String method, int status) {
    return served.observer.all(RequestServed.class).stream()
        .anyMatch(
            request ->
                request.route().equals(route)
                    && request.method().equals(method)
                    && request.status() == status);
  }

  @Test
  void optionsWithAnOriginAloneAreNoPreflight() {
    HttpResponse<String> answer = served.send("OPTIONS", "/db/t", "Origin", PAGE);
    assertThat(header(answer, "Allow")).isEqualTo("OPTIONS,GET,HEAD");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/db/t", "/db/many", "/db/nope", "/db", "/nope"})
  void anyPageMayReadWhatNeedsNoCredentials(String path) {
    HttpResponse<String> answer = served.get(path, "Origin", PAGE);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(answer, "Access-Control-Allow-Credentials")).isEmpty();
    assertThat(answer.headers().allValues("Access-Control-Expose-Headers"))
        .startsWith(
            "Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location,"
                + " Server, Transfer-Encoding, Range-Unit")
        .anySatisfy(ours -> assertThat(ours).contains("Retry-After", "Preference-Applied"));
    assertThat(header(served.get(path), "Access-Control-Allow-Origin")).as("no page").isEmpty();
  }

  @Test
  void onlyPagesOfTheListMayBringCredentials() {
    CorsSettings list = new CorsSettings(List.of(PAGE, "http://localhost:5173"));
    try (ServedDatabase closed =
        ServedDatabase.start(ServedDatabase.settings(database.url()), list)) {
      HttpResponse<String> named = closed.get("/db/t", "Origin", PAGE);
      assertThat(header(named, "Access-Control-Allow-Origin")).isEqualTo(PAGE);
      assertThat(header(named, "Access-Control-Allow-Credentials")).isEqualTo("true");
      assertThat(header(named, "Vary")).isEqualTo("Accept, Prefer, Range, Origin, Accept-Encoding");
      for (String other : List.of("https://evil.example", PAGE + ".evil.example", "null")) {
        HttpResponse<String> answer = closed.get("/db/t", "Origin", other);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Access-Control-Allow-Origin")).as(other).isEmpty();
        assertThat(header(answer, "Vary")).as("for caches").contains("Origin");
        HttpResponse<String> preflight =
            closed.send(
                "OPTIONS", "/db/t", "Origin", other, "Access-Control-Request-Method", "GET");
        assertThat(header(preflight, "Access-Control-Allow-Origin")).as(other).isEmpty();
        assertThat(header(preflight, "Access-Control-Allow-Methods")).isEmpty();
      }
    }
  }
}
