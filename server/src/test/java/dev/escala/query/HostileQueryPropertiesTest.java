package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.ForeignKey;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.Relationships;
import dev.escala.catalog.SqlNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a query string says, it is refused, or becomes SQL in which it only binds values. */
class HostileQueryPropertiesTest {
  private static final Relation RELATION =
      new Relation(
          "public",
          "sample",
          RelationKind.TABLE,
          columns(),
          List.of("id"),
          List.of(Set.of("id")),
          Map.of(),
          null);

  /** Its column n is a key of the relation above. */
  private static final Relation OTHER =
      new Relation(
          "public",
          "other",
          RelationKind.TABLE,
          columns(),
          List.of("id"),
          List.of(Set.of("id")),
          Map.of(),
          null);

  private static final Relationships RELATIONSHIPS =
      Relationships.of(
          List.of(
              new ForeignKey(
                  "key",
                  OTHER.fullName(),
                  List.of("n"),
                  RELATION.fullName(),
                  List.of("id"),
                  false,
                  false),
              new ForeignKey(
                  "back",
                  RELATION.fullName(),
                  List.of("doc"),
                  OTHER.fullName(),
                  List.of("id"),
                  false,
                  false)),
          List.of(),
          List.of());

  private static final DatabaseCatalog CATALOG =
      DatabaseCatalog.of(
          List.of("public"),
          List.of(RELATION, OTHER),
          RELATIONSHIPS,
          List.of(),
          SqlNames.NONE,
          null);

  /**
   * All that the planner may write: words of its own, names of the catalog, bound values, casts to
   * a name, keys of JSON as literals, and names that the client gave to values, quoted.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          """
          \\G(?:\
          \\$\\d+::text(?:::(?:integer|text|numeric|jsonb|bigint|regconfig)(?:\\[])?)?\
          |->>?(?:-?\\d{1,9}|'[^']*+(?:''[^']*+)*+')\
          |CAST\\(|AS [\\p{L}\\p{Nd}_ $]+\\)\
          |(?:r?\\d*\\.)?"(?:id|name|n|doc|odd ""name|public|sample|other|count)"\
          |AS "(?:[^"]++|"")*+"|AS (?:[ero]\\d*|c\\d+|[sjno]|one)\\b|s\\.(?:\\*|c\\d+)\
          |[eo]\\d+(?:\\.(?:[jno]|c\\d+))?\\b|'\\[]'|'escala_rows_held '|\\|\\||1000[01]\\b\
          |(?:INNER|LEFT|JOIN|LATERAL|ON|GROUP|HAVING|CASE|WHEN|THEN|ELSE|END|COALESCE)\\b\
          |row_to_json|json_agg|v\\.x|AS v\\(x\\)|pg_catalog\\.concat|(?:pg_catalog\\.)?(?:count|sum|avg|max|min)\\b|\\*\
          |(?:SELECT|FROM|WHERE|AND|OR|NOT|IS|NULL|TRUE|FALSE|UNKNOWN|DISTINCT|LIKE|ILIKE)\\b\
          |(?:ANY|ALL|ORDER|BY|DESC|NULLS|FIRST|LAST|LIMIT|OFFSET|1)\\b\
          |to_tsvector|(?:plainto_|phraseto_|websearch_)?to_tsquery|json_strip_nulls|to_jsonb?\
          |::(?:text|numeric|jsonb?)|[(), ]|=|<>|>=?|<=?|~\\*?|@>|<@|&&|<<|>>|&<|&>|-\\|-|@@\
          )\
          """);

  private static final Set<String> CODES =
      Set.of(
          "PGRST100",
          "PGRST103",
          "PGRST108",
          "PGRST118",
          "PGRST127",
          "PGRST200",
          "PGRST201",
          "ESC127",
          "ESC128",
          "42703",
          "54001",
          "54011");

  private static final List<String> VALID =
      List.of(
          "id=eq.1&name=not.like.a*&order=n.desc.nullslast,doc->>k&limit=5&offset=2",
          "select=id,x:name::text,doc->a->>0,n&or=(id.gt.1,and(name.eq.\"a,b\",not.or(n.is.null)))",
          "id=in.(1,2,\"3\")&id=eq(any).{1,2}&name=fts(english).cat&select=*,%22odd%20%5C%22name%22",
          "select=id,key(name,x:n),...back(doc)&key.name=eq.a&key.limit=3&order=back(n).desc",
          "select=name,n.sum(),count(),back(id)",
          "select=id,key!inner(id,x:n(name))&or=(id.eq.1,key.not.is.null)",
          "select=id,n&order=n.desc,doc->>k&limit=3&after=PTEAPTIAPTMA",
          "select=name,x:n.sum()&having=(x.gt.1,not.or(x.eq.5,x.is.null))&order=x.desc&distinct=true",
          "doc->\"it's\"=cs.[1]&not.and=(id.lt.3,doc->>k.isdistinct.x)&name=imatch(all).{a,b}");

  private static final List<String> PIECES =
      List.of(
          "'",
          "''",
          "\"",
          "\\",
          ";",
          "--",
          "/*",
          "*/",
          "$1",
          "$$",
          "$a$",
          ")",
          "(",
          ",",
          ".",
          "&",
          "=",
          "%",
          "%00",
          "%zz",
          "%C3",
          "%27",
          "%22",
          "+",
          "::",
          "->",
          "->>",
          "!",
          "*",
          "{",
          "}",
          "[",
          "]",
          "\n",
          "\t",
          "not.",
          "eq.",
          "in.(",
          "and",
          "or=",
          "select=",
          "order=",
          "limit=-1",
          "id",
          "name",
          "doc",
          "' OR 1=1 --",
          "'; DROP TABLE sample; --",
          "\"; SELECT pg_sleep(9); --",
          "1) UNION SELECT (1",
          "text) FROM pg_shadow --",
          "99999999999999999999",
          "é",
          "%F0%9F%98%80",
          "count()",
          "key(id)",
          "key!inner(*)",
          "...key(name)",
          "...back(\"a\"\"b\":n.sum())",
          "other(*)",
          "key.id=eq.1",
          "order=back(id)",
          "n.sum()",
          "after=",
          "after=TgA",
          "having=(sum.gt.1)",
          "distinct=true",
          "...x(*)");

  private static Map<String, RelationColumn> columns() {
    return Stream.of(
            column("id", "integer", OutputKind.INTEGER),
            column("name", "text", OutputKind.TEXT),
            column("n", "numeric", OutputKind.NUMBER),
            column("doc", "jsonb", OutputKind.JSON),
            column("odd \"name", "text", OutputKind.TEXT))
        .collect(
            Collectors.toMap(
                RelationColumn::name, column -> column, (one, two) -> one, LinkedHashMap::new));
  }

  private static RelationColumn column(String name, String type, OutputKind kind) {
    return new RelationColumn(name, type, type, kind, !name.equals("id"), null);
  }

  @Property
  void piecesAreRefusedOrBound(@ForAll("pieces") String query) {
    refusedOrBound(query);
  }

  @Property
  void damagedQueriesAreRefusedOrBound(@ForAll("damaged") String query) {
    refusedOrBound(query);
  }

  @Property
  void anyValueIsRefusedOrBound(@ForAll("places") String before, @ForAll String value) {
    refusedOrBound(before + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  @Example
  void depthAndLengthAreRefusedOrBound() {
    int many = 20_000;
    for (String part :
        List.of("and(", "not.or(", "id.eq.1,", "->a", "(", "\"", "\\", "x(", "a,", ".")) {
      for (String key : List.of("and=(", "id=", "select=", "order=", "", "id=in.(", "doc->")) {
        refusedOrBound(key + part.repeat(many));
      }
    }
  }

  @Example
  void whatIsValidIsNotRefused() throws QueryRefused {
    for (String query : VALID) {
      assertThat(planned(query)).isNotEmpty();
    }
  }

  @Example
  void aTokenThatIsTheUsersIsSeen() {
    assertThat(foreign("SELECT r.\"id\" FROM \"public\".\"sample\" AS r")).isEmpty();
    assertThat(foreign("SELECT r.\"id\" FROM \"pg_shadow\" AS r")).startsWith("\"pg_shadow");
    assertThat(foreign("SELECT r.\"id\"; DROP")).startsWith("; DROP");
  }

  private static void refusedOrBound(String query) {
    try {
      for (SqlStatement statement : planned(query)) {
        assertThat(foreign(statement.text())).as(query).isEmpty();
        assertThat(statement.text().replaceAll("'[^']*+(?:''[^']*+)*+'|AS [^()\"]*\\)", ""))
            .as("the last value of %s", query)
            .doesNotContain("$" + (statement.parameters().size() + 1) + "::");
      }
    } catch (QueryRefused refused) {
      assertThat(CODES).as(query).contains(refused.code());
      assertThat(refused.status()).isBetween(300, 416);
      assertThat(refused.message()).isNotBlank();
      assertThat(String.valueOf(refused.details()) + refused.hint()).isNotEqualTo("nullnull");
    }
  }

  private static List<SqlStatement> planned(String query) throws QueryRefused {
    ReadPlanner planner =
        new ReadPlanner(CATALOG, RELATION, RequestParser.parse(QueryString.parse(query)));
    return List.of(
        planner.rows(ValueForm.JSON),
        planner.rows(ValueForm.STRIPPED_JSON),
        planner.rows(ValueForm.TEXT));
  }

  /** What follows the tokens of the planner; nothing if all are. */
  private static String foreign(String sql) {
    Matcher token = TOKEN.matcher(sql);
    int end = 0;
    while (token.find()) {
      end = token.end();
    }
    return sql.substring(end);
  }

  @Provide
  Arbitrary<String> pieces() {
    return Combinators.combine(places(), Arbitraries.of(PIECES).list().ofMaxSize(12))
        .as((place, pieces) -> place + String.join("", pieces));
  }

  @Provide
  Arbitrary<String> places() {
    return Arbitraries.of(
        "",
        "id=eq.",
        "name=like.",
        "name=in.(",
        "and=(id.eq.1,name.eq.",
        "or=(",
        "select=id::",
        "select=",
        "select=x:",
        "select=doc->",
        "select=doc->>a::",
        "order=",
        "order=doc->",
        "limit=",
        "offset=",
        "doc->>",
        "name=fts(",
        "name=eq(any).",
        "id=is.",
        "%22odd%20%5C%22name%22=eq.");
  }

  @Provide
  Arbitrary<String> damaged() {
    return Combinators.combine(
            Arbitraries.of(VALID),
            Arbitraries.integers().between(0, 90),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(PIECES))
        .as(
            (query, at, length, piece) -> {
              int start = Math.min(at, query.length());
              return query.substring(0, start)
                  + piece
                  + query.substring(Math.min(query.length(), start + length));
            });
  }
}
