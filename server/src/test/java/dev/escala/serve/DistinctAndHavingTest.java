package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code distinct=true}, {@code having=(…)} and {@code order} by an aggregate. */
@Tag("integration")
class DistinctAndHavingTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE airports (code text PRIMARY KEY, country text);
        INSERT INTO airports VALUES ('BOG', 'CO'), ('MDE', 'CO'), ('LIM', 'PE');
        CREATE TABLE trips (
          id int PRIMARY KEY, carrier text, origin text REFERENCES airports, delay int,
          spent interval, doc jsonb, raw json);
        INSERT INTO trips VALUES
          (1, 'AV', 'BOG', 5, '1 h', '{"k": 1}', '1'), (2, 'AV', 'BOG', 15, '2 h', '{"k": 1}', '1'),
          (3, 'AV', 'MDE', 25, '3 h', '{"k": 2}', '1'), (4, 'LA', 'LIM', 1, '4 h', NULL, '1'),
          (5, 'LA', 'LIM', 2, '5 h', NULL, '1'), (6, 'CM', 'BOG', NULL, NULL, NULL, '1')\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // distinct
        "select=carrier&distinct=true&order=carrier | AV;CM;LA",
        "select=carrier,origin&distinct=true&order=carrier,origin | AV,BOG;AV,MDE;CM,BOG;LA,LIM",
        "select=c:carrier&distinct=true&order=carrier.desc&limit=2 | LA;CM",
        "select=doc->k&distinct=true&order=doc->k | 1;2;",
        "select=carrier&distinct=true&delay=gt.4 | AV",
        "select=airports(country)&distinct=true&carrier=eq.AV | \"{\"\"country\"\": \"\"CO\"\"}\"",
        "select=...airports(country)&distinct=true&carrier=neq.LA | CO",
        "select=id&distinct=false.x&limit=1 | ",
        // having
        "select=carrier,n:count()&having=(n.gt.1)&order=carrier | AV,3;LA,2",
        "select=carrier,count()&having=(count.eq.1) | CM,1",
        "select=carrier,delay.sum()&having=(sum.gte.3,sum.lt.45) | LA,3",
        "select=carrier,d:delay.avg()&having=(d.lt.10.5)&order=carrier | LA,1.5000000000000000",
        "select=carrier,m:delay.max()&having=(m.in.(25,2))&order=carrier | AV,25;LA,2",
        "select=carrier,m:delay.max()&having=(m.is.null) | CM,",
        "select=carrier,m:delay.max()&having=(not.or(m.is.null,m.eq.2)) | AV,25",
        "select=carrier,s:spent.sum()&having=(s.gt.8h) | LA,09:00:00",
        "select=carrier,s:spent.max()&having=(s.eq.180 min) | AV,03:00:00",
        "select=carrier,m:origin.min()&having=(m.like.B*)&order=carrier | AV,BOG;CM,BOG",
        "select=carrier,n:count()::text&having=(n.eq.3) | AV,3",
        "select=carrier,n:count()&having=(n.gt.1)&having=(n.lt.3) | LA,2",
        "select=n:count(),...airports(country)&having=(n.gt.2) | 4,CO",
        // order by an aggregate
        "select=carrier,n:count()&order=n.desc | AV,3;LA,2;CM,1",
        "select=carrier,delay.max()&order=max.desc.nullslast&limit=2 | AV,25;LA,2",
        "select=carrier,m:delay.max()&order=m | LA,2;AV,25;CM,",
        "select=carrier,delay:delay.avg()::int&order=delay.nullsfirst | CM,;LA,2;AV,15",
      })
  void rowsAre(String query, String rows) {
    HttpResponse<String> answer =
        served.get(
            "/db/trips?" + query.replace(">", "%3E").replace(" ", "%20"), "Accept", "text/csv");
    if (rows == null) {
      assertThat(answer.statusCode()).isEqualTo(400);
      return;
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String expected = rows.replace(";", "\r\n") + "\r\n";
    assertThat(answer.body().substring(answer.body().indexOf("\r\n") + 2)).isEqualTo(expected);
  }

  @Test
  void theTotalOfDistinctRowsCountsThemOnce() {
    HttpResponse<String> answer =
        served.get("/db/trips?select=carrier&distinct=true&limit=1", "Prefer", "count=exact");
    assertThat(answer.headers().firstValue("Content-Range")).hasValue("0-0/3");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(
            served
                .get("/db/trips?select=carrier&distinct=true&limit=1", "Prefer", "count=planned")
                .headers()
                .firstValue("Content-Range")
                .orElseThrow())
        .startsWith("0-0/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select=carrier,n:count()&having=(x.gt.1) | 42703 | The aggregates are: n.",
        "select=carrier,n:count()&having=(carrier.eq.AV) | 42703 | The aggregates are: n.",
        "select=carrier&having=(n.gt.1) | 42703 | Add one to the select",
        "select=carrier,n:count()&having=(n.gt.x) | 22P02 | bigint",
        "select=carrier,n:count()&having=(n | PGRST100 | failed to parse",
        "select=raw&distinct=true | 42883 | json",
        "select=carrier&distinct=true&order=delay | 42803 | GROUP BY",
        "select=carrier,n:count()&order=m | 42703 | m",
      })
  void whatIsWrongSaysSo(String query, String code, String text) {
    HttpResponse<String> answer = served.get("/db/trips?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 404);
    assertThat(answer.body()).contains('"' + code + '"', text);
  }
}
