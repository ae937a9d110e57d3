package dev.escala.slo;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is promised of one indicator over 30 days, to each tier.
 *
 * @param name such as {@code api-availability}
 * @param title for people
 * @param dependencies parts of the {@link Service} that each event needs, one after the other
 * @param minimumErrors fewer bad events than these in the long window alert nobody
 * @param pages whether somebody is called when the budget burns fast; else there is a ticket
 * @param presentWhen a selector; a system that has such series must have events of this SLO
 */
public record Slo(
    String name,
    String title,
    String description,
    Indicator indicator,
    Map<Tier, BigDecimal> objectives,
    List<String> dependencies,
    int minimumErrors,
    boolean pages,
    String presentWhen) {

  public Slo {
    objectives = new EnumMap<>(objectives);
    dependencies = List.copyOf(dependencies);
  }

  /**
   * What it counts.
   *
   * @throws IllegalStateException if it is about time
   */
  public Indicator.Events events() {
    if (indicator instanceof Indicator.Events events) {
      return events;
    }
    throw new IllegalStateException(name + " counts no events");
  }

  /** The value of the label {@code slo}. */
  public String label() {
    return name.replace('-', '_');
  }
}
