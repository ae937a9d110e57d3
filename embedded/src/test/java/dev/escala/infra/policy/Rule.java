package dev.escala.infra.policy;

import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A sentence that holds for every resource of some types.
 *
 * @param id Checkov's, or our own with ESC
 * @param types of the resources that it looks at; empty: all
 */
public record Rule(String id, String text, Set<String> types, BiPredicate<Resource, Plan> holds) {

  static Rule of(String id, String text, String type, Predicate<Resource> holds) {
    return of(id, text, List.of(type), holds);
  }

  static Rule of(String id, String text, List<String> types, Predicate<Resource> holds) {
    return new Rule(id, text, Set.copyOf(types), (resource, plan) -> holds.test(resource));
  }

  /** All rules there are. */
  public static List<Rule> all() {
    return Stream.of(
            DatabaseRules.all(),
            MessagingRules.all(),
            EdgeRules.all(),
            TaskRules.all(),
            AccessRules.all(),
            RecordRules.all())
        .flatMap(List::stream)
        .toList();
  }

  private boolean concerns(Resource resource) {
    return types.isEmpty() || types.contains(resource.type());
  }

  /** How many resources of a plan it looks at. */
  public long seen(Plan plan) {
    return plan.resources().stream().filter(this::concerns).count();
  }

  /** Where it does not hold, as {@code address: text (id)}. */
  public List<String> violations(Plan plan) {
    return plan.resources().stream()
        .filter(this::concerns)
        .filter(resource -> !holds.test(resource, plan))
        .map(resource -> "%s: %s (%s)".formatted(resource.address(), text, id))
        .toList();
  }
}
