package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where PostgREST's parser takes blanks, quotes and hyphens, and what it says where it does not.
 */
@Tag("integration")
class RelationGrammarTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE t (id int PRIMARY KEY, name text, tags text[], flag boolean, doc jsonb,
          "not" int, "and" int, "or" int, "a-b" int);
        INSERT INTO t VALUES
          (1, 'one', '{a,b}', true, '{"a-b": 1, "k": [5, 6]}', 1, 1, 1, 1),
          (2, '"a b"c', '{b}', false, '{"-k": 2, "a b": 3}', 2, 2, 2, 2),
          (3, ' lead', NULL, NULL, NULL, 3, 3, 3, 3);
        CREATE TABLE reserved (":arr->ow::cast" text, "(inside,parens)" text,
          "a.dotted.column" text, "  col  w  space  " text);
        INSERT INTO reserved VALUES
          (' arrow-1 ', ' parens-1 ', ' dotted-1 ', ' space-1'),
          (' arrow-2 ', ' parens-2 ', ' dotted-2 ', ' space-2')\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  /** Parameters as a person would write them. */
  private static HttpResponse<String> read(String relation, String query) {
    return served.get(
        "/db/"
            + relation
            + "?"
            + Arrays.stream(query.split("&", -1))
                .map(RelationGrammarTest::parameter)
                .collect(Collectors.joining("&")));
  }

  private static String parameter(String parameter) {
    int equals = parameter.indexOf('=');
    return encoded(parameter.substring(0, equals)) + "=" + encoded(parameter.substring(equals + 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // blanks in logic trees
        "or=( id.eq.1 , id.eq.3 )|1,3",
        "or= (id.eq.1,id.eq.3) |1,3",
        "or=(id .eq.1,and (id.gt.1,id.lt.3))|1,2",
        "or=(not.and ( id.eq.1 , id.eq.1 ) , id.eq.1)|1,2,3",
        "and=(flag.is.null , id.gt.0)|3",
        "and=(id.in. ( 1,2 ) , id.gt.1)|2",
        // blanks in lists and constants
        "id=in. (1, 2) |1,2",
        "id=in.( )|~~",
        "flag=is.true |1",
        "flag=is.NoT_NuLl|1,2",
        "flag=not.is.not_null|3",
        // blanks that belong to the value
        "name=in.(x, lead)|3",
        "or=(name.eq. lead,id.eq.9)|3",
        // quotes around a part of a value
        "name=in.(\"a b\"c,x)|2",
        "name=eq.\"a b\"c|2",
        "or=(name.eq.\"a b\"c,id.eq.9)|2",
        "or=(name.in.(\"a b\"c),id.eq.9)|2",
        "or=(name.eq.\"one\",id.eq.9)|1",
        "or=(name.eq.\"one\" ,id.eq.9)|~~",
        // arrays in logic trees
        "or=(tags.eq.{a,b},id.eq.3)|1,3",
        "or=(tags.ov.{a,z} , id.eq.3)|1,3",
        "or=(id.eq(any).{1,2},id.eq.9)|1,2",
        "and=(name.like(all).{*o*,*e},id.eq.1)|1",
        // tests of their own kind
        "tags=isdistinct.{b}|1,3",
        "or=(id.isdistinct.1,id.eq.9)|2,3",
        "id=not.isdistinct.1|1",
        "or=(name.not.fts.one,id.eq.9)|2,3",
        // columns that are named like operators
        "not=eq.1|1",
        "or=(not.eq.1,and.eq.2,or.eq.3)|1,2,3",
        "and=(and.gt.1,not.not.eq.3)|2",
        // hyphens, and blanks around them
        "a-b=eq.2|2",
        "a - b=eq.2|2",
        "doc->a-b=eq.1|1",
        "doc->>\"-k\"=eq.2|2",
        "doc-> a b =eq.3|2",
        "doc->k->-1=eq.6|1"
      })
  void readsWhatPostgrestReads(String query, String expected) {
    HttpResponse<String> answer = read("t", "select=id&order=id&" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body().replaceAll("[^0-9,]", "")).isEqualTo(expected);
  }

  @Test
  void readsReservedCharactersInQuotedNames() {
    String all =
        "select=\":arr->ow::cast\",\"(inside,parens)\",\"a.dotted.column\",\"  col  w  space  \"";
    String first =
        "{\":arr->ow::cast\":\" arrow-1 \",\"(inside,parens)\":\" parens-1 \","
            + "\"a.dotted.column\":\" dotted-1 \",\"  col  w  space  \":\" space-1\"}";
    for (String condition :
        new String[] {
          "\"(inside,parens)\"=eq. parens-1 ",
          "\":arr->ow::cast\"=eq. arrow-1 ",
          "\"  col  w  space  \"=eq. space-1",
          "and=(\"a.dotted.column\".eq. dotted-1 , \"(inside,parens)\" .like.*1*)",
          "order=\"(inside,parens)\".asc&limit=1",
          "order= \"  col  w  space  \" , \"a.dotted.column\".desc.nullslast&limit=1"
        }) {
      assertThat(read("reserved", all + "&" + condition).body())
          .as(condition)
          .isEqualTo("[" + first + "]");
    }
    assertThat(
            read(
                    "reserved",
                    "select= x : \"(inside,parens)\" , \"a (b)\":\"a.dotted.column\"&limit=1")
                .body())
        .isEqualTo("[{\"x\":\" parens-1 \",\"a (b)\":\" dotted-1 \"}]");
  }

  /** What, the text, the column and the details as PostgREST has them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "id=0|filter|1|unexpected \"0\" expecting \"not\" or operator (eq, gt, ...)",
        "id=nope.1|filter|1|unexpected \"p\" expecting \"not\" or operator (eq, gt, ...)",
        "id=|filter|1|unexpected end of input expecting \"not\" or operator (eq, gt, ...)",
        "id=not.xx.1|filter|5|unexpected \"x\" expecting operator (eq, gt, ...)",
        "id=eqq.1|filter|3|unexpected \"q\" expecting operator (eq, gt, ...)",
        "id=eq().1|filter|4|unexpected \")\" expecting operator (eq, gt, ...)",
        "name=fts().1|filter|5|unexpected \")\" expecting operator (eq, gt, ...)",
        "id=is().1|filter|3|unexpected \"(\" expecting operator (eq, gt, ...)",
        "id=in.1,2|filter|4|unexpected \"1\" expecting \"(\"",
        "id=in.(1,2|filter|8|unexpected end of input expecting \",\" or \")\"",
        "id=is.nope|filter|6|unexpected \"p\" expecting isVal: (null, not_null, true, false,"
            + " unknown)",
        "or=()|logic tree|4|unexpected \")\" expecting field name (* or [a..z0..9_$]), negation"
            + " operator (not) or logic operator (and, or)",
        "or=)(|logic tree|3|unexpected \")\" expecting \"(\"",
        "or=(id.in.1,2,id.eq.3)|logic tree|10|unexpected \"1\" expecting \"(\"",
        "and=(ord(id.eq.1,id.eq.1),id.eq.2)|logic tree|7|unexpected \"d\" expecting \"(\"",
        "or=(id.eq.1,not.xor(id.eq.2,id.eq.3))|logic tree|16|unexpected \"x\" expecting logic"
            + " operator (and, or)",
        "not.or=(id.eq.1|logic tree|15|unexpected end of input expecting \",\" or \")\"",
        "order=id.ac|order|4|unexpected \"c\" expecting \"asc\", \"desc\", \"nullsfirst\" or"
            + " \"nullslast\"",
        "order=id.nulsfist|order|4|unexpected \"n\" expecting \"asc\", \"desc\", \"nullsfirst\" or"
            + " \"nullslast\"",
        "order=id.descc|order|8|unexpected 'c' expecting delimiter (.), \",\" or end of input",
        "order=id.asc.nlsfst|order|8|unexpected \"l\" expecting \"nullsfirst\" or \"nullslast\"",
        "order=id.asc.nullslasttt|order|17|unexpected 't' expecting \",\" or end of input",
        "order=clients(name,id)|order|8|unexpected '(' expecting letter, digit, \"-\", \"->>\","
            + " \"->\", delimiter (.), \",\" or end of input",
        "order=:|order|1|unexpected \":\" expecting field name (* or [a..z0..9_$])",
        "select=id,clients(name[])|select parameter|16|unexpected '[' expecting letter, digit,"
            + " \"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input",
        "select=*!hint|select parameter|2|unexpected '!' expecting \")\", \",\" or end of input",
        "select=name::|select parameter|7|unexpected end of input expecting letter or digit",
        "select=id,|select parameter|4|unexpected end of input expecting \"...\", field name (* or"
            + " [a..z0..9_$]), \"*\" or \"count()\"",
        "select=doc->>-78xy|select parameter|10|unexpected 'x' expecting digit, \"->\", \"::\","
            + " \".\", \",\" or end of input",
        "select=doc->>--34|select parameter|8|unexpected \"-\" expecting digit",
        "select=doc->>-xy-4|select parameter|8|unexpected \"x\" expecting digit"
      })
  void saysWhatPostgrestSays(String query, String what, int column, String details) {
    HttpResponse<String> answer = read("t", query);
    String text = query.substring(query.indexOf('=') + 1);
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(problem.get("code").asString()).isEqualTo("PGRST100");
    assertThat(problem.get("message").asString())
        .isEqualTo("\"failed to parse %s (%s)\" (line 1, column %d)".formatted(what, text, column));
    assertThat(problem.get("details").asString()).isEqualTo(details);
  }

  /** A text of many quotes that close nothing is read from left to right once. */
  @Test
  void quotesThatCloseNothingAreValues() {
    HttpResponse<String> answer = read("t", "select=id&name=in.(" + "\"x,".repeat(3_000) + "one)");
    assertThat(answer.body()).isEqualTo("[{\"id\":1}]");
  }
}
