package dev.escala.serve.rows;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the form of the answer that an {@code Accept} header wants first. */
public final class Negotiation {
  private static final Pattern QUALITY = Pattern.compile("(0(\\.\\d{0,3})?|1(\\.0{0,3})?)");

  private static final String VENDOR = "application/vnd.pgrst.";
  private static final String EVENTS = "text/event-stream";
  private static final String PLAN = VENDOR + "plan";

  private Negotiation() {}

  /** The type that a parameter {@code format} names; empty if there is none. */
  public static Optional<MediaType> named(String format) {
    return switch (format) {
      case "json" -> Optional.of(MediaType.JSON);
      case "ndjson" -> Optional.of(MediaType.NDJSON);
      case "csv" -> Optional.of(MediaType.CSV);
      case "arrow" -> Optional.of(MediaType.ARROW);
      case "parquet" -> Optional.of(MediaType.PARQUET);
      default -> Optional.empty();
    };
  }

  /** The first acceptable type by quality; empty if there is none. */
  public static Optional<MediaType> of(@Nullable String accept) {
    if (accept == null || accept.isBlank() || accept.equals("*/*")) {
      return Optional.of(MediaType.JSON);
    }
    return wanted(accept).map(Negotiation::find).flatMap(Optional::stream).findFirst();
  }

  /** Whether a stream of events is wanted before all else; it has to be named. */
  public static boolean isOfEvents(@Nullable String accept) {
    return accept != null
        && accept.toLowerCase(Locale.ROOT).contains(EVENTS)
        && wanted(accept).findFirst().filter(one -> one.type().equals(EVENTS)).isPresent();
  }

  /**
   * The first acceptable type among these, where none of the server's own comes before it, but for
   * those that they go before.
   *
   * @param types in small letters; {@code *}{@code /*} stands for each type
   */
  public static Optional<String> among(@Nullable String accept, Set<String> types) {
    if (types.isEmpty()) {
      return Optional.empty();
    }
    return wanted(accept == null || accept.isBlank() ? "*/*" : accept)
        .map(one -> choice(one, types))
        .flatMap(Optional::stream)
        .findFirst()
        .filter(types::contains);
  }

  /** One of the types, or one of the server's. */
  private static Optional<String> choice(Wanted wanted, Set<String> types) {
    if (wanted.type().startsWith(VENDOR)) {
      return find(wanted).map(MediaType::name);
    }
    if (types.contains("*/*")) {
      return Optional.of("*/*");
    }
    return types.contains(wanted.type())
        ? Optional.of(wanted.type())
        : find(wanted).map(MediaType::name);
  }

  /** The plan that is wanted, where no other acceptable type comes before it. */
  public static Optional<PlanType> plan(@Nullable String accept) {
    if (accept == null || !accept.toLowerCase(Locale.ROOT).contains(PLAN)) {
      return Optional.empty();
    }
    return wanted(accept)
        .filter(one -> find(one).isPresent() || planOf(one).isPresent())
        .findFirst()
        .flatMap(Negotiation::planOf);
  }

  private static Stream<Wanted> wanted(String accept) {
    return Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", -1))
        .map(Wanted::parse)
        .filter(one -> one.quality() > 0)
        .sorted(Comparator.comparingDouble(Wanted::quality).reversed());
  }

  private record Wanted(String type, Map<String, String> parameters) {
    static Wanted parse(String range) {
      String[] parts = range.split(";", -1);
      Map<String, String> parameters = new HashMap<>();
      for (int i = 1; i < parts.length; i++) {
        String[] parameter = parts[i].strip().split("=", 2);
        if (parameter.length == 2) {
          parameters.putIfAbsent(parameter[0], parameter[1].replace("\"", ""));
        }
      }
      return new Wanted(parts[0].strip(), parameters);
    }

    boolean stripped() {
      return "stripped".equals(parameters.get("nulls"));
    }

    double quality() {
      String given = parameters.getOrDefault("q", "1");
      return QUALITY.matcher(given).matches() ? Double.parseDouble(given) : 1;
    }
  }

  private static Optional<PlanType> planOf(Wanted wanted) {
    String options = wanted.parameters().get("options");
    Optional<MediaType> of =
        find(Wanted.parse(wanted.parameters().getOrDefault("for", "application/json")));
    return switch (wanted.type()) {
      case PLAN, PLAN + "+text" -> of.map(type -> PlanType.of(false, type, options));
      case PLAN + "+json" -> of.map(type -> PlanType.of(true, type, options));
      default -> Optional.empty();
    };
  }

  private static Optional<MediaType> find(Wanted wanted) {
    return switch (wanted.type()) {
      case "application/json", "application/*", "*/*" -> Optional.of(MediaType.JSON);
      case "application/vnd.pgrst.array+json", "application/vnd.pgrst.array" ->
          Optional.of(wanted.stripped() ? MediaType.STRIPPED_ARRAY : MediaType.JSON);
      case "application/vnd.pgrst.object+json", "application/vnd.pgrst.object" ->
          Optional.of(wanted.stripped() ? MediaType.STRIPPED_OBJECT : MediaType.OBJECT);
      case "application/x-ndjson", "application/ndjson", "application/jsonl" ->
          Optional.of(MediaType.NDJSON);
      case "text/csv", "text/*" -> Optional.of(MediaType.CSV);
      case "application/vnd.apache.arrow.stream" -> Optional.of(MediaType.ARROW);
      case "application/vnd.apache.parquet" -> Optional.of(MediaType.PARQUET);
      default -> Optional.empty();
    };
  }
}
