package dev.escala.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Files of classes that need each other, found by taking away whoever is in no cycle. */
final class ClassCycles {
  /** A type and the one that reads, writes or implements it may be one job in two files. */
  private static final int ONE_JOB = 2;

  private final Map<String, Set<String>> needs = new HashMap<>();

  ClassCycles(JavaClasses classes) {
    for (JavaClass javaClass : classes) {
      Set<String> needed = needs.computeIfAbsent(file(javaClass), name -> new HashSet<>());
      for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
        needed.add(file(dependency.getTargetClass().getBaseComponentType()));
      }
    }
    needs.forEach((file, needed) -> needed.remove(file));
    needs.values().forEach(needed -> needed.retainAll(needs.keySet()));
  }

  private static String file(JavaClass javaClass) {
    int nested = javaClass.getName().indexOf('$');
    return nested < 0 ? javaClass.getName() : javaClass.getName().substring(0, nested);
  }

  /** All that one file needs, however indirectly. */
  private Set<String> reach(String file) {
    Set<String> reached = new HashSet<>();
    List<String> open = new ArrayList<>(List.of(file));
    while (!open.isEmpty()) {
      for (String next : needs.getOrDefault(open.removeLast(), Set.of())) {
        if (reached.add(next)) {
          open.add(next);
        }
      }
    }
    return reached;
  }

  /** The groups of more than two files, each of which needs all others of its group. */
  Set<String> ofSeveralJobs() {
    Map<String, Set<String>> reach = new HashMap<>();
    needs.keySet().forEach(file -> reach.put(file, reach(file)));
    Set<String> groups = new TreeSet<>();
    reach.forEach(
        (file, reached) -> {
          Set<String> group = new TreeSet<>(reached);
          group.removeIf(other -> !reach.getOrDefault(other, Set.of()).contains(file));
          if (group.size() > ONE_JOB) {
            groups.add(group.toString());
          }
        });
    return groups;
  }
}
