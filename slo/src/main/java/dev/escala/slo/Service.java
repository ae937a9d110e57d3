package dev.escala.slo;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the product rests on, and how far that carries.
 *
 * @param agreements availability that the provider promises of each part
 * @param measures that a tier takes against outages of the parts
 * @param ceilingWithMeasures what a tier that takes all of them may promise
 */
public record Service(
    String name,
    Map<String, BigDecimal> agreements,
    Map<Tier, Set<String>> measures,
    BigDecimal ceilingWithMeasures) {

  public Service {
    agreements = Map.copyOf(agreements);
    measures = Map.copyOf(measures);
  }

  /** What requests reach that need all these parts, one after the other. */
  public BigDecimal ceiling(List<String> parts) {
    BigDecimal product = BigDecimal.ONE;
    for (String part : parts) {
      product = product.multiply(agreements.getOrDefault(part, BigDecimal.ONE));
    }
    return product;
  }
}
