package dev.escala.serve.sql;

import dev.escala.serve.rows.MediaType;
import dev.escala.serve.rows.Negotiation;
import dev.escala.serve.rows.PlanType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is answered to SQL.
 *
 * @param rows in which form they are, or would be
 * @param plan how the SQL is run, instead of the rows; null for these
 * @param header the value of {@code Content-Type}
 */
record SqlForm(MediaType rows, @Nullable PlanType plan, String header) {

  /** By the parameter {@code format}, else by what is accepted; empty if there is no such form. */
  static Optional<SqlForm> of(@Nullable String format, @Nullable String accept, boolean plans) {
    Optional<PlanType> plan = format == null && plans ? Negotiation.plan(accept) : Optional.empty();
    if (plan.isPresent()) {
      return plan.map(type -> new SqlForm(type.of(), type, type.header()));
    }
    return rows(format, accept).map(rows -> new SqlForm(rows, null, rows.header()));
  }

  private static Optional<MediaType> rows(@Nullable String format, @Nullable String accept) {
    return format == null
        ? Negotiation.of(accept).filter(type -> !type.isSingle() && !type.isStripped())
        : Negotiation.named(format);
  }

  /** By the parameter {@code explain}: as browsers show it. */
  static Optional<SqlForm> explained(String explain, @Nullable String format) {
    return rows(format, null)
        .flatMap(rows -> PlanType.named(explain, rows))
        .map(
            plan ->
                new SqlForm(
                    plan.of(),
                    plan,
                    plan.json() ? MediaType.JSON.header() : "text/plain; charset=utf-8"));
  }
}
