package dev.escala.query;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a function is called with. */
public sealed interface Arguments {

  /** By the names of parameters; of a repeated one all values, in order. */
  record Texts(Map<String, List<String>> values) implements Arguments {
    public Texts {
      values = Map.copyOf(new LinkedHashMap<>(values));
    }

    @Override
    public Set<String> names() {
      return values.keySet();
    }
  }

  /** The members of a JSON object, whose values the database converts. */
  record Members(String json, Set<String> names) implements Arguments {
    public Members {
      names = Set.copyOf(names);
    }
  }

  /**
   * One value for a parameter without a name.
   *
   * @param type {@code json}, {@code text}, {@code xml} or {@code bytea}
   * @param body of {@code bytea} in base64
   */
  record Whole(String type, String body) implements Arguments {
    @Override
    public Set<String> names() {
      return Set.of();
    }
  }

  /** Of the parameters that get a value. */
  Set<String> names();
}
