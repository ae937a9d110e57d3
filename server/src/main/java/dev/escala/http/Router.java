package dev.escala.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a request by method and path. Patterns are literal segments and {@code
 * {names}}; the last segment may end with {@code {*name}}, which takes the rest of the path,
 * slashes included. Of several that match, the one registered first answers.
 */
public final class Router implements Handler {
  /** Any method that the pattern has no handler for; registered last of the pattern. */
  public static final String OTHER = "*";

  private final List<Route> routes = new ArrayList<>();
  private @Nullable Handler otherwise;

  private record Route(
      Set<String> methods, String pattern, List<String> segments, Handler handler) {
    long words() {
      return segments.stream().filter(segment -> !segment.startsWith("{")).count();
    }

    boolean matches(List<String> path) {
      if (path.size() < segments.size()) {
        return false;
      }
      for (int i = 0; i < segments.size(); i++) {
        String segment = segments.get(i);
        int rest = segment.indexOf("{*");
        if (rest >= 0) {
          return path.get(i).startsWith(segment.substring(0, rest));
        }
        if (!segment.startsWith("{") && !segment.equals(path.get(i))) {
          return false;
        }
      }
      return path.size() == segments.size();
    }
  }

  /** Methods separated by {@code |}, such as {@code GET|HEAD}. */
  public Router on(String methods, String pattern, Handler handler) {
    List<String> segments =
        pattern.equals("/") ? List.of() : List.of(pattern.substring(1).split("/", -1));
    routes.add(
        new Route(
            new LinkedHashSet<>(List.of(methods.split("\\|", -1))), pattern, segments, handler));
    return this;
  }

  /** What answers at paths that no route has. */
  public Router otherwise(Handler handler) {
    otherwise = handler;
    return this;
  }

  @Override
  public void handle(Exchange exchange) {
    boolean isKnown = false;
    for (Route route : routes) {
      if (route.matches(exchange.path())) {
        if (route.methods().contains(exchange.method())) {
          answer(exchange, route);
          return;
        }
        isKnown = true;
      }
    }
    Handler others = otherwise;
    if (!isKnown && others != null) {
      others.handle(exchange);
    } else {
      otherMethod(exchange);
    }
  }

  /** None of the routes of the path, if there are any, has the method. */
  private void otherMethod(Exchange exchange) {
    List<Route> matching = routes.stream().filter(route -> route.matches(exchange.path())).toList();
    Set<String> allowed = new LinkedHashSet<>();
    matching.forEach(route -> allowed.addAll(route.methods()));
    Optional<Route> other = other(matching);
    if (other.isPresent()) {
      answer(exchange, other.get());
    } else {
      allowed.remove(OTHER);
      refuse(exchange, allowed);
    }
  }

  /** What answers other methods, where the pattern with the fewest places to fill in has that. */
  private static Optional<Route> other(List<Route> matching) {
    return matching.stream()
        .max(Comparator.comparingLong(Route::words))
        .map(Route::pattern)
        .flatMap(
            nearest ->
                matching.stream()
                    .filter(route -> route.pattern().equals(nearest))
                    .filter(route -> route.methods().contains(OTHER))
                    .findFirst());
  }

  private static void answer(Exchange exchange, Route route) {
    exchange.route(route.pattern());
    route.handler().handle(exchange);
  }

  private static void refuse(Exchange exchange, Set<String> allowed) {
    if (allowed.isEmpty()) {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC100,
              "There is nothing at this path",
              "GET / lists the databases, GET /{database} its relations."));
    } else {
      exchange
          .with("Allow", String.join(", ", allowed))
          .problem(
              Problem.of(
                  ErrorCode.ESC101,
                  "This path does not have the method " + exchange.method(),
                  "It has " + String.join(", ", allowed) + "."));
    }
  }
}
