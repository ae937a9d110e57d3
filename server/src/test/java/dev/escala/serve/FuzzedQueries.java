package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.encoded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Query strings, calls and SQL for the database of {@link FuzzedDatabase}, mostly right. */
final class FuzzedQueries {
  private static final List<String> CASTS =
      List.of(
          "text",
          "int",
          "numeric",
          "json",
          "jsonb",
          "date",
          "timestamptz",
          "interval",
          "bytea",
          "inet",
          "regclass",
          "regtype",
          "void",
          "record",
          "trigger",
          "anyelement",
          "cstring",
          "internal",
          "unknown",
          "point",
          "int4range",
          "xml",
          "money",
          "bit",
          "oid",
          "xid",
          "sample",
          "pg_node_tree",
          "tsvector",
          "name",
          "double precision",
          "no such type",
          "txid_snapshot",
          "pg_lsn",
          "refcursor",
          "aclitem",
          "smallint",
          "cube",
          "boolean",
          "uuid",
          "float8",
          "char");

  private static final List<String> COLUMNS =
      List.of("id", "n", "amount", "name", "words", "flag", "day", "tags", "span", "doc");

  private static final List<String> OPERATORS =
      List.of(
          "eq",
          "neq",
          "gt",
          "gte",
          "lt",
          "lte",
          "like",
          "ilike",
          "match",
          "imatch",
          "in",
          "is",
          "isdistinct",
          "fts",
          "plfts",
          "phfts",
          "wfts",
          "cs",
          "cd",
          "ov",
          "sl",
          "sr",
          "nxr",
          "nxl",
          "adj",
          "eq(any)",
          "like(all)",
          "fts(english)",
          "not.eq",
          "not.is",
          "not.in");

  private static final List<String> VALUES =
      List.of(
          "1",
          "-7",
          "1.5",
          "a",
          "",
          "null",
          "true",
          "unknown",
          "*a*",
          "(1,2,3)",
          "(a,\"b,c\")",
          "()",
          "{1,2}",
          "{a,b}",
          "{",
          "[1,5)",
          "[5,1]",
          "{\"k\": \"a\"}",
          "[1]",
          "2026-01-02",
          "infinity",
          "NaN",
          "9223372036854775808",
          "red & blue",
          "red |",
          "a.b",
          "(",
          "[",
          "\\",
          "é",
          "😀",
          "2026-01-01T00:00:00Z",
          "99999-01-01",
          "1e400",
          "(a*)*b",
          "LAX",
          "empty");

  /** By the relation around them; some name what is not there. */
  private static final Map<String, List<String>> EMBEDS =
      Map.of(
          "trips",
          List.of(
              "from:places!origin(name,title)",
              "to:places!destination!inner(name)",
              "...places!origin(name)",
              "labels(*)",
              "labels!inner(label)",
              "trip_labels(labels(*))",
              "sample(id,doc->k,trips(id))",
              "places(*)",
              "places!origin()"),
          "places",
          List.of(
              "trips!origin(id,delay,labels(label))",
              "...trips!destination(id,delay)",
              "trips!origin(count())",
              "near(name,near(name))",
              "first_trip(id)",
              "title",
              "trips(*)",
              "nothing(*)"),
          "labels",
          List.of("trips(*)", "trips!inner(id,from:places!origin(name))", "trip_labels(trip_id)"),
          "late",
          List.of("places!origin(name)", "sample(id)", "labels(*)", "late_trips(*)"));

  private static final List<String> SQL =
      List.of(
          "select * from sample where id < :p1",
          "select name, count(*) from sample group by name order by 2 desc limit :p1",
          "select t.id, p.name from trips t join places p on p.code = t.origin where t.delay > :p1",
          "with late as (select * from trips where delay > 3) select count(*) from late",
          "select zone, role, path from settings",
          "values (1, 'a'), (:p1, 'b')",
          "table labels",
          "select doc->>'k', jsonb_array_length(doc->'it''s') from sample",
          "select 1/0",
          "select :p1::int + :p2::int",
          "select * from sample a, sample b, sample c, sample d order by random()",
          "select repeat('x', 1000000)",
          "select generate_series(1, 100000)",
          "select pg_sleep(1)",
          "select set_config('timezone', 'Asia/Tokyo', false)",
          "select leaves('timezone', 'Asia/Tokyo')",
          "set timezone = 'Asia/Tokyo'",
          "set role fuzz_two",
          "begin; select 1",
          "select current_user, current_setting('role')",
          "insert into labels values (99, 'x')",
          "select * from pg_shadow",
          "select",
          "select 'a' 'b'",
          "select E'\\x00'",
          "select '\\xff'::bytea::text, now(), interval '1 day'",
          "select row(1, 'a'), array[1,2], null, '{}'::jsonb, '<a/>'::xml",
          "select x from unnest(array[1,2]) x offset :p1",
          "lock table labels");

  private static final List<String> CALLS =
      List.of(
          "add?a=1&b=2",
          "add?a=x",
          "add",
          "late_trips?above=3&select=id,places!origin(name)&delay=lt.40&order=id.desc&limit=5",
          "late_trips?above=-9&select=count(),delay.avg()",
          "numbers?most=5",
          "numbers?most=3000",
          "total?n=1&n=2&n=39",
          "nothing",
          "untyped",
          "fails?state=P0001",
          "fails?state=PT402",
          "fails?state=22023",
          "fails?state=PGRST",
          "seen",
          "seen?select=zone,role,path",
          "leaves?name=TimeZone&value=Asia/Tokyo",
          "leaves?name=application_name&value=left",
          "leaves?name=search_path&value=pg_catalog",
          "leaves?name=role&value=fuzz_two",
          "leaves?name=request.jwt.claims&value={}",
          "leaves?name=DateStyle&value=German",
          "leaves?name=statement_timeout&value=1",
          "leaves?name=row_security&value=off",
          "says",
          "page?title=x",
          "measured",
          "no_such");

  private static final List<String> POSTS =
      List.of(
          "add\n{\"a\":1,\"b\":2}",
          "add\n{\"a\":\"x\"}",
          "add\na=1&b=4",
          "add\n[1]",
          "add\n",
          "late_trips?select=id&order=id\n{\"above\":0}",
          "total\n{\"n\":[1,2,39]}",
          "total\n{\"n\":1}",
          "echo\n{\"any\":[1,{\"x\":null}]}",
          "echo\n[1,2]",
          "echo\n{\"a\":\"\\u0000\"}",
          "echo\n{\"a\":\"\\ud800\"}",
          "echo\n" + "[".repeat(2_000) + "]".repeat(2_000),
          "measured\nany text \u00c3\u00a9",
          "octets\n\u0000\u00ff",
          "leaves\n{\"name\":\"TimeZone\",\"value\":\"Asia/Tokyo\"}",
          "nothing\n{}",
          "no_such\n{\"a\":1}");

  private final Random random;
  private final List<FilterCase> claims;

  FuzzedQueries(Random random, List<FilterCase> claims) {
    this.random = random;
    this.claims = claims;
  }

  String sql() {
    String sql = encoded(of(SQL));
    for (int i = 1; sql.contains("%3Ap" + i); i++) {
      sql += "&p" + i + "=" + encoded(random.nextInt(4) == 0 ? of(VALUES) : "" + i);
    }
    return sql
        + switch (random.nextInt(8)) {
          case 0 -> "&format=csv";
          case 1 -> "&format=arrow";
          case 2 -> "&format=parquet";
          default -> "";
        };
  }

  String call() {
    return of(CALLS).replace("{", "%7B").replace("}", "%7D");
  }

  /** What is called, a line break, and the body. */
  String post() {
    return of(POSTS);
  }

  /** Path and query string of a read of a relation. */
  String relation() {
    return switch (random.nextInt(3)) {
      case 0 -> {
        String relation = of(List.of("trips", "places", "labels", "late"));
        yield "/db/" + relation + "?" + embedding(relation);
      }
      default -> "/db/sample?" + sample();
    };
  }

  private String sample() {
    List<String> parameters = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      FilterCase claim = of(claims);
      parameters.add(parameter(claim.key(), claim.value()));
    }
    if (random.nextInt(6) == 0) {
      parameters.add(parameter(of(COLUMNS), of(OPERATORS) + "." + of(VALUES)));
    }
    if (random.nextBoolean()) {
      parameters.add(parameter("select", list(this::item)));
    }
    if (random.nextBoolean()) {
      parameters.add(parameter("order", list(this::term)));
    }
    return String.join("&", page(parameters));
  }

  private String item() {
    String column = of(COLUMNS);
    return switch (random.nextInt(24)) {
      case 0 -> column + "::" + of(CASTS);
      case 1 -> "a " + random.nextInt(9) + ":" + column;
      case 2 -> "doc->" + of(List.of("k", "n", "it's", "0", "-1")) + "->>x";
      case 3 -> column + "." + of(List.of("sum", "avg", "min", "max", "count")) + "()";
      case 4 -> "count()";
      case 5 -> of(List.of("*", "trips(id)", "doc->>n::int", "tags->0"));
      default -> column;
    };
  }

  private String term() {
    String column = of(COLUMNS);
    return column + of(List.of("", ".desc", ".asc.nullsfirst", "->>k.desc", ".nullslast", ""));
  }

  private String list(Supplier<String> item) {
    return IntStream.rangeClosed(0, random.nextInt(3))
        .mapToObj(i -> item.get())
        .collect(Collectors.joining(","));
  }

  private String embedding(String relation) {
    List<String> parameters = new ArrayList<>();
    List<String> embeds = Objects.requireNonNull(EMBEDS.get(relation));
    parameters.add(parameter("select", "*," + list(() -> of(embeds))));
    if (random.nextInt(4) == 0) {
      String embed = of(List.of("trips", "labels", "from", "places", "near"));
      parameters.add(
          of(
              List.of(
                  embed + ".limit=2",
                  embed + ".order=id.desc",
                  embed + ".id=gt.2",
                  embed + "=not.is.null",
                  "or=(" + embed + ".is.null,id.gt.3)",
                  "order=" + embed + "(name).desc")));
    }
    if (random.nextInt(6) == 0) {
      parameters.add(parameter(of(List.of("id", "delay", "at", "code")), "gt." + of(VALUES)));
    }
    return String.join("&", page(parameters));
  }

  private List<String> page(List<String> parameters) {
    if (random.nextBoolean()) {
      parameters.add("limit=" + of(List.of("0", "1", "5", "5", "100", "100", "1001", "x")));
    }
    if (random.nextInt(6) == 0) {
      parameters.add("offset=" + of(List.of("0", "1", "50", "121", "-1")));
    }
    return parameters;
  }

  private static String parameter(String key, String value) {
    return encoded(key) + "=" + encoded(value);
  }

  private <T> T of(List<T> pool) {
    return pool.get(random.nextInt(pool.size()));
  }
}
