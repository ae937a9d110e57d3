package dev.escala.catalog;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * SQL of a published query, parted where its parameters stand.
 *
 * @param pieces one more than there are places of parameters
 * @param parameters the name that stands at each place
 */
public record QueryText(List<String> pieces, List<String> parameters) {

  public QueryText {
    pieces = List.copyOf(pieces);
    parameters = List.copyOf(parameters);
  }

  /**
   * The whole text. A blank stands before each parameter: in brackets it would make a call of a
   * name before it.
   *
   * @param written what stands for a name
   */
  public String with(UnaryOperator<String> written) {
    StringBuilder text = new StringBuilder(pieces.getFirst());
    for (int i = 0; i < parameters.size(); i++) {
      text.append(' ').append(written.apply(parameters.get(i))).append(pieces.get(i + 1));
    }
    return text.toString();
  }
}
