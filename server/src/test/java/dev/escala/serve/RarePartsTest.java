package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of the dialect that few clients need. */
@Tag("integration")
class RarePartsTest {
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE projects (id int PRIMARY KEY, name text);
        CREATE TABLE tasks (id int PRIMARY KEY, name text, project int REFERENCES projects);
        CREATE TABLE "odd ""é" (id int PRIMARY KEY, project int REFERENCES projects);
        INSERT INTO projects VALUES (1, 'Windows 7'), (2, 'IOS');
        INSERT INTO tasks VALUES (1, 'Design w7', 1), (2, 'Code w7', 1), (3, 'Design IOS', 2);
        CREATE TABLE counted (id int, count text); INSERT INTO counted VALUES (1, 'mine');
        CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES; INSERT INTO nothing DEFAULT VALUES\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  /** As clients did before {@code count()}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tasks?select=count                           | [{"count":3}]
          tasks?select=count&name=like.Design*         | [{"count":2}]
          tasks?select=all:count                       | [{"all":3}]
          tasks?select=count::text                     | [{"count":"3"}]
          projects?select=id,tasks(count)&order=id     | [{"id":1,"tasks":[{"count":2}]},{"id":2,"tasks":[{"count":1}]}]
          counted?select=count                         | [{"count":"mine"}]
          """)
  void countWithoutParenthesesCountsRows(String query, String expected) {
    HttpResponse<String> answer = served.get("/db/" + query);
    assertThat(answer.body().replaceAll(",\\s+", ",")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"tasks?select=name&count=gt.1", "tasks?order=count"})
  void butIsNoColumnElsewhere(String query) {
    HttpResponse<String> answer = served.get("/db/" + query);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("42703", "tasks.count does not exist");
  }

  @Test
  void whoCallsAnAliasedEmbedByItsRelationIsWarned() {
    HttpResponse<String> answer =
        served.get(
            "/db/projects?id=eq.1&select=id,name,the_tasks:tasks(id,name)"
                + "&tasks.name=like.Code*&tasks.order=name.asc&tasks.limit=1");
    assertThat(answer.body())
        .isEqualTo(
            "[{\"id\":1,\"name\":\"Windows 7\",\"the_tasks\":[{\"id\":2,\"name\":\"Code w7\"}]}]");
    assertThat(header(answer, "Warning"))
        .isEqualTo(
            "299 Escala \"Embedded resource was referenced by relation name even though it has an"
                + " alias. This is deprecated and will stop working in a future release. Update"
                + " `tasks` to `the_tasks` in query string filters, orders or limits.\"");
    assertThat(
            header(
                served.get("/db/projects?select=id,the_tasks:tasks(id)&the_tasks.limit=1"),
                "Warning"))
        .isEqualTo("none");
    String odd = "%22odd%20%5C%22%C3%A9%22";
    assertThat(
            header(
                served.get("/db/projects?select=id,a:" + odd + "(id)&" + odd + ".limit=1"),
                "Warning"))
        .contains("Update `odd \\\"?` to `a` in");
  }

  @Test
  void aRelationWithoutColumnsHasRows() {
    assertThat(served.get("/db/nothing").body().replace("\n", "")).isEqualTo("[{},{}]");
    HttpResponse<String> counted = served.get("/db/nothing?limit=1", "Prefer", "count=exact");
    assertThat(header(counted, "Content-Range")).isEqualTo("0-0/2");
    assertThat(served.get("/db/nothing?select=count()").body()).isEqualTo("[{\"count\":2}]");
    assertThat(served.get("/db/nothing?id=eq.1").body()).contains("42703");
    assertThat(served.get("/db", "Accept", "application/openapi+json").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id%5B%5D=eq.1      | failed to parse tree path (id[])
          id%5B0%5D=eq.1     | failed to parse tree path (id[0])
          tasks%5B%5D.id=eq.1| failed to parse tree path (tasks[].id)
          """)
  void keysAreNoArrays(String query, String message) {
    HttpResponse<String> answer = served.get("/db/tasks?" + query);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("PGRST100", message);
  }

  @Test
  void aKeyWithoutAValueIsInTheLocation() {
    assertThat(header(served.get("/db/tasks?select=id&b&id=eq.1&a%20b"), "Content-Location"))
        .isEqualTo("/db/tasks?a%20b=&b=&id=eq.1&select=id");
    assertThat(header(served.get("/db/tasks?b&limit=1"), "Content-Location"))
        .isEqualTo("/db/tasks?b=&limit=1");
  }
}
