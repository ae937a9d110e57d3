package dev.escala.query;

import java.util.List;

/** A request to read a relation, as it was parsed; names are not checked yet. */
public record ReadRequest(
    List<SelectItem> select, List<Condition> conditions, List<OrderTerm> order, Page page) {

  public ReadRequest {
    select = List.copyOf(select);
    conditions = List.copyOf(conditions);
    order = List.copyOf(order);
  }

  /** Parses the parameters of the query string. */
  public static ReadRequest parse(QueryString query) throws QueryRefused {
    return new RequestParser().parse(query);
  }

  /** The same request for other rows. */
  public ReadRequest with(Page other) {
    return new ReadRequest(select, conditions, order, other);
  }
}
