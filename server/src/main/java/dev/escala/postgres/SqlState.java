package dev.escala.postgres;

import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.store.Shortage;
import dev.escala.store.StoreException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Reads SQLSTATE: whose fault an error is. */
public final class SqlState {
  private static final int MAX_DETAIL = 300;

  /**
   * Besides data and constraints: what is too large for a page or an index, what a view refuses,
   * and what a trigger raises. Another row would pass.
   */
  private static final Set<String> DATA_CLASSES = Set.of("21", "22", "23", "44", "54", "P0");

  /**
   * What constraints, indexes and defaults of a column say of its new type, among others. A type or
   * name that was misspelt is none of these: that is for a person to correct.
   */
  private static final Set<String> CHANGE_FORBIDDEN =
      Set.of(
          "0A000", "2BP01", "42725", "42804", "42846", "42883", "42P16", "42P17", "54000", "54011");

  private static final Set<String> CLASSES_OF_FORBIDDEN_CHANGES = Set.of("22", "23");

  private static final Set<String> CONFIGURATION_CLASSES = Set.of("42", "3F", "28", "3D", "0A");

  private SqlState() {}

  private static String of(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }

  private static String classOf(SQLException failure) {
    String state = of(failure);
    return state.length() < 2 ? "" : state.substring(0, 2);
  }

  /** A row's own fault. */
  public static boolean isData(SQLException failure) {
    return DATA_CLASSES.contains(classOf(failure));
  }

  /**
   * A row's partition: there is none, or another one came while the statement waited, and then the
   * same statement succeeds. A check has a name.
   */
  public static boolean isOfPartition(SQLException failure) {
    ServerErrorMessage server = server(failure);
    return server != null && "23514".equals(server.getSQLState()) && server.getConstraint() == null;
  }

  /** Deadlocks and serialization failures: the same statement may succeed at once. */
  public static boolean isRollback(SQLException failure) {
    return classOf(failure).equals("40");
  }

  /** What the table is forbids a change of it; rights are a matter of configuration instead. */
  public static boolean forbidsChange(SQLException failure) {
    return CHANGE_FORBIDDEN.contains(of(failure))
        || CLASSES_OF_FORBIDDEN_CHANGES.contains(classOf(failure));
  }

  /** Somebody else held a lock for longer than the statement was to wait. */
  public static boolean isLocked(SQLException failure) {
    return of(failure).equals("55P03");
  }

  /** An engine of the same protocol may not have what PostgreSQL has. */
  static boolean isUnknown(SQLException failure) {
    return Set.of("0A000", "42601").contains(of(failure));
  }

  /** A person has to change something: trying again does not help. */
  public static boolean isMisconfigured(SQLException failure) {
    return CONFIGURATION_CLASSES.contains(classOf(failure)) || isData(failure);
  }

  /** Rows cannot be stored now, and who has to act. */
  public static StoreException unavailable(SQLException failure) {
    return new StoreException(
        isMisconfigured(failure)
            ? ReturnReason.TABLE_MISCONFIGURED
            : ReturnReason.DATABASE_UNAVAILABLE,
        classOf(failure),
        of(failure) + " " + detail(failure),
        shortage(failure));
  }

  private static @Nullable Shortage shortage(SQLException failure) {
    return switch (of(failure)) {
      case "53100" -> Shortage.DISK;
      case "53200" -> Shortage.MEMORY;
      case "53300" -> Shortage.CONNECTIONS;
      default -> classOf(failure).equals("53") ? Shortage.OTHER : null;
    };
  }

  /** Why the database refused a row. */
  public static Rejection rejection(SQLException failure) {
    ServerErrorMessage server = server(failure);
    boolean constraint = Set.of("23", "44", "P0").contains(classOf(failure));
    String detail = detail(failure);
    if (server != null && server.getConstraint() != null) {
      detail += "; constraint " + server.getConstraint();
    }
    return new Rejection(
        constraint ? ReasonCode.ROW_CONSTRAINT : ReasonCode.ROW_DATA,
        server == null ? null : server.getColumn(),
        detail,
        of(failure));
  }

  /** The primary message alone: the other parts repeat rows. */
  private static String detail(SQLException failure) {
    ServerErrorMessage server = server(failure);
    String message =
        server == null || server.getMessage() == null
            ? firstLine(String.valueOf(failure.getMessage()))
            : server.getMessage();
    return message.length() > MAX_DETAIL ? message.substring(0, MAX_DETAIL) : message;
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static @Nullable ServerErrorMessage server(SQLException failure) {
    return failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
  }
}
