package dev.escala.serve.rows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the form of the answer that an {@code Accept} header wants first. */
public final class Negotiation {

  private Negotiation() {}

  private record Wanted(String type, boolean stripped, double quality) {}

  /** The first acceptable type by quality; empty if there is none. */
  public static Optional<MediaType> of(@Nullable String accept) {
    if (accept == null || accept.isBlank() || accept.equals("*/*")) {
      return Optional.of(MediaType.JSON);
    }
    List<Wanted> wanted = new ArrayList<>();
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      wanted.add(parse(range));
    }
    wanted.sort(Comparator.comparingDouble(Wanted::quality).reversed());
    return wanted.stream()
        .filter(one -> one.quality() > 0)
        .map(Negotiation::find)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Wanted parse(String range) {
    String[] parts = range.split(";", -1);
    boolean stripped = false;
    double quality = 1;
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.equals("nulls=stripped")) {
        stripped = true;
      } else if (parameter.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
        quality = Double.parseDouble(parameter.substring(2));
      }
    }
    return new Wanted(parts[0].strip(), stripped, quality);
  }

  private static Optional<MediaType> find(Wanted wanted) {
    return switch (wanted.type()) {
      case "application/json", "application/*", "*/*" -> Optional.of(MediaType.JSON);
      case "application/vnd.pgrst.array+json", "application/vnd.pgrst.array" ->
          Optional.of(wanted.stripped() ? MediaType.STRIPPED_ARRAY : MediaType.ARRAY);
      case "application/vnd.pgrst.object+json", "application/vnd.pgrst.object" ->
          Optional.of(wanted.stripped() ? MediaType.STRIPPED_OBJECT : MediaType.OBJECT);
      case "application/x-ndjson", "application/ndjson", "application/jsonl" ->
          Optional.of(MediaType.NDJSON);
      case "text/csv", "text/*" -> Optional.of(MediaType.CSV);
      default -> Optional.empty();
    };
  }
}
