package dev.escala.serve.relation;

import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.serve.rows.MediaType;
import dev.escala.serve.rows.Negotiation;
import dev.escala.serve.rows.PlanType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In which form a client wants its answer.
 *
 * @param form of the server's own
 * @param isFound whether the client accepts that one; else only the database may make an answer
 * @param header in which handlers of the database are looked for; null where none may answer
 * @param plan how the read is run, instead of the rows; null for these
 */
record Accepted(MediaType form, boolean isFound, @Nullable String header, @Nullable PlanType plan) {

  /**
   * The first parameter {@code format} that names a form, else what is accepted. No filter looks
   * like this: it has an operator.
   */
  static Accepted of(QueryString query, @Nullable String accept, boolean plans) {
    PlanType plan = plans ? Negotiation.plan(accept).orElse(null) : null;
    if (plan != null) {
      return new Accepted(plan.of(), true, null, plan);
    }
    Optional<MediaType> named =
        query.parameters().stream()
            .filter(Accepted::isFormat)
            .findFirst()
            .flatMap(parameter -> Negotiation.named(parameter.value()));
    if (named.isPresent()) {
      return new Accepted(named.get(), true, null, null);
    }
    Optional<MediaType> own = Negotiation.of(accept);
    return new Accepted(
        own.orElse(MediaType.JSON), own.isPresent(), accept == null ? "*/*" : accept, null);
  }

  static boolean isFormat(Parameter parameter) {
    return parameter.key().equals("format") && Negotiation.named(parameter.value()).isPresent();
  }
}
