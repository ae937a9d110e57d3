package dev.escala.architecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observer;
import dev.escala.source.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Follows the calls from what event loops ask for: health probes and observers. A class whose lock
 * is taken there must not, in any of its methods that take a lock, come to I/O.
 */
final class EventLoopRule {
  private static final List<String> IO =
      List.of("java.sql.", "javax.sql.", "java.net.", "software.amazon.awssdk.");
  private static final Set<String> SOURCE_IO =
      Set.of("pause", "resume", "stop", "close", "backlog");

  private final JavaClasses classes;

  EventLoopRule(JavaClasses classes) {
    this.classes = classes;
  }

  /** The methods that event loops call. */
  Set<JavaMethod> entries() {
    return methods()
        .filter(
            method ->
                is(method, HealthProbe.class, "check") || is(method, Observer.class, "observed"))
        .collect(Collectors.toSet());
  }

  private Stream<JavaMethod> methods() {
    return classes.stream().flatMap(type -> type.getMethods().stream());
  }

  private static boolean is(JavaMethod method, Class<?> port, String name) {
    return method.getName().equals(name) && method.getOwner().isAssignableTo(port);
  }

  /** All methods that they come to. */
  Set<JavaMethod> reached() {
    return reachedFrom(entries());
  }

  /** One sentence for each lock that keeps an event loop waiting for I/O. */
  Set<String> violations() {
    Set<String> violations = new TreeSet<>();
    for (JavaMethod waiting : reached()) {
      if (takesLock(waiting)) {
        waiting.getOwner().getMethods().stream()
            .filter(EventLoopRule::takesLock)
            .filter(
                holding -> reachedFrom(Set.of(holding)).stream().anyMatch(EventLoopRule::doesIo))
            .forEach(
                holding ->
                    violations.add(
                        "%s takes a lock that %s holds over I/O"
                            .formatted(named(waiting), named(holding))));
      }
    }
    return violations;
  }

  private static String named(JavaMethod method) {
    return method.getOwner().getName() + "." + method.getName();
  }

  private static boolean takesLock(JavaMethod method) {
    return method.getModifiers().contains(JavaModifier.SYNCHRONIZED)
        || method.getCallsFromSelf().stream()
            .anyMatch(
                call ->
                    call.getTargetOwner().getPackageName().equals("java.util.concurrent.locks")
                        && call.getName().contains("ock")
                        && !call.getName().equals("unlock"));
  }

  private static boolean doesIo(JavaMethod method) {
    return method.getCallsFromSelf().stream()
        .anyMatch(
            call ->
                IO.stream().anyMatch(call.getTargetOwner().getName()::startsWith)
                    || (call.getTargetOwner().isAssignableTo(Source.class)
                        && SOURCE_IO.contains(call.getName())));
  }

  private Set<JavaMethod> reachedFrom(Set<JavaMethod> entries) {
    Set<JavaMethod> reached = new LinkedHashSet<>(entries);
    Deque<JavaMethod> next = new ArrayDeque<>(entries);
    while (!next.isEmpty()) {
      JavaMethod method = next.poll();
      Stream.concat(method.getCallsFromSelf().stream(), references(method))
          .flatMap(this::implementations)
          .filter(reached::add)
          .forEach(next::add);
    }
    return reached;
  }

  private static Stream<? extends JavaAccess<?>> references(JavaMethod method) {
    return method.getMethodReferencesFromSelf().stream();
  }

  /** The method that is called, or all that stand behind a port. */
  private Stream<JavaMethod> implementations(JavaAccess<?> call) {
    JavaClass owner = call.getTargetOwner();
    if (!owner.getPackageName().startsWith("dev.escala")) {
      return Stream.empty();
    }
    return Stream.concat(Stream.of(owner), owner.getAllSubclasses().stream())
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.getName().equals(call.getName()));
  }
}
