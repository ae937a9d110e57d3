package dev.escala.query;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.MediaHandler;
import dev.escala.catalog.Relation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Makes SQL of a request for one relation. */
public final class ReadPlanner {

  private final ReadNode root;
  private final boolean isPlain;

  /** Null where the page is none of those that follow each other. */
  private final @Nullable Walk walk;

  /**
   * Plans a read of a relation of the catalog.
   *
   * @throws QueryRefused where what is embedded does not belong to it, or in several ways
   */
  public ReadPlanner(DatabaseCatalog catalog, Relation relation, ReadRequest request)
      throws QueryRefused {
    this(catalog, relation, null, request, ignored -> Long.MAX_VALUE);
  }

  /**
   * Plans a read of a relation, or of what a function gives.
   *
   * @param call which gives the rows; null where the relation has them
   * @param mostEmbedded how many rows of a relation each row may hold
   */
  public ReadPlanner(
      DatabaseCatalog catalog,
      Relation relation,
      @Nullable RoutineCall call,
      ReadRequest request,
      ToLongFunction<Relation> mostEmbedded)
      throws QueryRefused {
    ReadNode read = ReadNode.of(catalog, relation, request, mostEmbedded);
    ReadNode giving = call == null ? read : read.of(call);
    isPlain =
        call == null && read.embedded().isEmpty() && catalog.plain().contains(relation.fullName());
    walk = walk(giving);
    root = walk == null ? giving.with(order(giving)) : giving.with(walk.order());
  }

  /** That which is asked for, or the one that costs nothing. */
  private static List<OrderTerm> order(ReadNode read) {
    List<OrderTerm> asked = read.request().order();
    boolean isFree = asked.isEmpty() && read.call() == null && !read.isGrouped();
    return isFree ? Walk.free(read.relation(), read.request()) : asked;
  }

  private static @Nullable Walk walk(ReadNode read) throws QueryRefused {
    ReadRequest request = read.request();
    String token = request.beyond().after();
    if (token == null) {
      return null;
    }
    if (read.call() != null) {
      throw QueryRefused.noWalk("They are what a function gives.");
    }
    if (read.isGrouped()) {
      throw QueryRefused.noWalk("They are grouped.");
    }
    if (request.page().offset() > 0) {
      throw QueryRefused.noWalk("There is an offset beside after.");
    }
    return Walk.of(
        new FieldSql(read.relation(), read.alias()), request.order(), Position.of(token));
  }

  /** The rows of the page, as they are sent where no zone is asked for. */
  public SqlStatement rows(ValueForm form) throws QueryRefused {
    return rows(form, false);
  }

  /**
   * The rows of the page.
   *
   * @param zoned whether the database prints points in time, in the zone of its session
   */
  public SqlStatement rows(ValueForm form, boolean zoned) throws QueryRefused {
    return ReadSql.rows(root, form, zoned, walk, "");
  }

  /**
   * The rows of the page in two statements.
   *
   * @param plain of a request the database need know nothing but the role; fails, mostly with
   *     22012, where that is not so any more
   * @param rows the same as it is read by whoever the database knows all of
   */
  public record PlainRows(SqlStatement plain, SqlStatement rows) {}

  /**
   * The rows of the page, where they are alike for all who may read them, and nothing that users
   * wrote runs to find them. Casts, and text search, may still need more.
   */
  public Optional<PlainRows> plain(ValueForm form) throws QueryRefused {
    if (!isPlain) {
      return Optional.empty();
    }
    String name = SqlText.name(root.relation().fullName());
    // One over nothing where policies hold for who reads, found before the first row.
    String guard =
        "1 / (pg_catalog.row_security_active('%s'::pg_catalog.regclass)::int4 - 1) < 0"
            .formatted(name.replace("'", "''"));
    SqlStatement plain = ReadSql.rows(root, form, false, walk, guard);
    return Optional.of(new PlainRows(plain, without(guard, plain)));
  }

  /** It stands first behind WHERE. */
  private static SqlStatement without(String guard, SqlStatement plain) {
    String text = plain.text();
    String alone = " WHERE " + guard;
    int from = text.indexOf(alone);
    String rest = text.substring(from + alone.length());
    String behind = rest.startsWith(" AND ") ? " WHERE " + rest.substring(5) : rest;
    return new SqlStatement(text.substring(0, from) + behind, plain.parameters(), plain.columns());
  }

  /** How many values of each row of {@link #rows} tell its position, behind its columns. */
  public int positionValues() {
    return walk == null ? 0 : walk.steps().size();
  }

  /**
   * What tells the position of the last row of the page, behind one value; it gives no row where
   * the page is not full. Empty where nobody asks for the page that follows.
   */
  public Optional<SqlStatement> lastOfPage() throws QueryRefused {
    Long limit = root.request().page().limit();
    return walk == null || limit == null || limit == 0
        ? Optional.empty()
        : Optional.of(ReadSql.lastOfPage(root, walk, limit));
  }

  /** Whether so many rows leave room for no other in the page. */
  public boolean isFull(long rows) {
    return rows > 0 && rows == limit();
  }

  /**
   * The value of {@code after} of the page that follows; empty where none does.
   *
   * @param last the values that tell the position of the last row, if the page is full; null else
   */
  public Optional<String> next(@Nullable List<@Nullable String> last) throws QueryRefused {
    return walk == null ? Optional.empty() : walk.next(last);
  }

  /**
   * One row with the number of rows of the page, the octets that are made of them, and before these
   * how many there are; null in place of more than that.
   */
  public SqlStatement handled(MediaHandler handler, int mostOctets) throws QueryRefused {
    if (walk != null) {
      throw QueryRefused.noWalk("They are made into a media type by the database.");
    }
    return HandledSql.of(root, handler, mostOctets);
  }

  /** The names of all relations that are read but that of the path. */
  public Set<String> embedded() {
    Set<String> names = new LinkedHashSet<>();
    root.addEmbedded(names);
    return names;
  }

  /** Whether each row may hold many of other relations. */
  public boolean holdsMany() {
    return root.hasToMany();
  }

  /** How many rows there are at most, as far as the page and unique keys tell. */
  public long mostRows() {
    return Math.min(mostKeyedRows(), limit());
  }

  /** How many rows the conditions on unique keys let through. */
  public long mostKeyedRows() {
    return new KeyedRows(root.relation(), root.request().conditions()).most();
  }

  private long limit() {
    Long limit = root.request().page().limit();
    return limit == null ? Long.MAX_VALUE : limit;
  }

  /** One row with the number of all rows that satisfy the conditions. */
  public SqlStatement count() throws QueryRefused {
    return ReadSql.counting(root, "SELECT pg_catalog.count(*)");
  }

  /** The plan of reading all rows that satisfy the conditions, as JSON. */
  public SqlStatement explainedCount() throws QueryRefused {
    return ReadSql.counting(root, "EXPLAIN (FORMAT JSON) SELECT 1");
  }
}
