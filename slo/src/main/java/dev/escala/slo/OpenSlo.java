package dev.escala.slo;

import dev.escala.config.Section;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads documents of OpenSLO v1, as far as they mean something here; anything else is refused. */
final class OpenSlo {
  private static final String OURS = "escala.dev/";
  private static final String AGREEMENT = OURS + "sla.";
  private static final String MEASURES = OURS + "measures.";

  /** The burn rates are made for it, and the names of the long series say it. */
  private static final String WINDOW = "30d";

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern SELECTOR =
      Pattern.compile(
          "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-z_]+(=~|!~|!=|=)\"[^\"\\\\]*\"(,(?!})|(?=})))*})?");
  private static final String PLUS = " + ";

  private OpenSlo() {}

  /** A document is a service or an SLO. */
  sealed interface Document {}

  record ServiceDocument(Service service) implements Document {}

  record SloDocument(Slo slo) implements Document {}

  static Document read(Section root) {
    must(root, "apiVersion", "openslo/v1");
    String kind = root.text("kind");
    Section metadata = root.section("metadata");
    String name = metadata.text("name");
    if (!NAME.matcher(name).matches()) {
      metadata.reject("name", "must be lower case letters, digits and hyphens, at most 63");
    }
    if (kind.equals("Service")) {
      return new ServiceDocument(service(name, metadata, root.section("spec")));
    }
    if (!kind.equals("SLO") && root.has("kind")) {
      root.reject("kind", "must be SLO or Service; " + kind + " is not used here");
    }
    return new SloDocument(slo(name, metadata, root.section("spec")));
  }

  private static Service service(String name, Section metadata, Section spec) {
    metadata.optionalText("displayName");
    spec.optionalText("description");
    Section annotations = metadata.section("annotations");
    Map<String, BigDecimal> agreements = new HashMap<>();
    for (String key : annotations.keys(AGREEMENT)) {
      agreements.put(key.substring(AGREEMENT.length()), share(annotations, key));
    }
    Map<Tier, Set<String>> measures = new EnumMap<>(Tier.class);
    for (Tier tier : Tier.values()) {
      measures.put(tier, Set.copyOf(words(annotations, MEASURES + tier.label())));
    }
    return new Service(
        name, agreements, measures, share(annotations, OURS + "ceiling-with-measures"));
  }

  private static Slo slo(String name, Section metadata, Section spec) {
    Section annotations = metadata.section("annotations");
    List<String> dependencies = words(annotations, OURS + "depends-on");
    if (dependencies.isEmpty()) {
      annotations.reject(OURS + "depends-on", "must name parts of the service, or say nothing");
    }
    window(spec);
    spec.text("service");
    return new Slo(
        name,
        metadata.text("displayName"),
        spec.text("description"),
        indicator(spec),
        objectives(spec),
        dependencies.equals(List.of("nothing")) ? List.of() : dependencies,
        annotations.integer(OURS + "minimum-errors", 1, 1, 1000),
        annotations.flag(OURS + "pages", true),
        selectors(annotations, OURS + "present-when").getFirst());
  }

  private static void window(Section spec) {
    List<Section> windows = spec.list("timeWindow");
    if (windows.size() != 1) {
      spec.reject("timeWindow", "must be one window");
    }
    for (Section window : windows) {
      must(window, "duration", WINDOW);
      must(window, "isRolling", "true");
    }
  }

  private static Indicator indicator(Section spec) {
    Section indicator = spec.section("indicator");
    indicator.section("metadata").text("name");
    String method = spec.text("budgetingMethod");
    if (method.equals("Timeslices")) {
      return time(indicator.section("spec").section("thresholdMetric"));
    }
    if (!method.isEmpty() && !method.equals("Occurrences")) {
      spec.reject("budgetingMethod", "must be Occurrences or Timeslices, not " + method);
    }
    Section ratio = indicator.section("spec").section("ratioMetric");
    must(ratio, "counter", "true");
    boolean good = ratio.has("good");
    if (good == ratio.has("bad")) {
      ratio.reject("bad", "there must be either good or bad");
    }
    return new Indicator.Events(
        good ? Indicator.Counts.GOOD : Indicator.Counts.BAD,
        query(ratio.section(good ? "good" : "bad")),
        query(ratio.section("total")));
  }

  /** Slices are as long as the time between two evaluations. */
  private static Indicator time(Section threshold) {
    Section source = threshold.section("metricSource");
    must(source, "type", "Prometheus");
    return new Indicator.Time(selectors(source.section("spec"), "query").getFirst());
  }

  private static List<String> query(Section metric) {
    Section source = metric.section("metricSource");
    must(source, "type", "Prometheus");
    return selectors(source.section("spec"), "query");
  }

  private static List<String> selectors(Section section, String key) {
    String text = section.text(key);
    List<String> selectors = new ArrayList<>();
    Matcher matcher = SELECTOR.matcher(text);
    int at = 0;
    while (matcher.find(at) && matcher.start() == at) {
      selectors.add(matcher.group());
      at = matcher.end();
      if (text.startsWith(PLUS, at)) {
        at += PLUS.length();
      } else {
        break;
      }
    }
    if (at == text.length() && !text.isEmpty() && !text.endsWith(PLUS)) {
      return selectors;
    }
    if (!text.isEmpty()) {
      section.reject(key, "must be a selector of a counter, or several with + between them");
    }
    return List.of("invalid");
  }

  private static Map<Tier, BigDecimal> objectives(Section spec) {
    Map<Tier, BigDecimal> objectives = new EnumMap<>(Tier.class);
    for (Section objective : spec.list("objectives")) {
      if (spec.isText("budgetingMethod", "Timeslices")) {
        slice(objective);
      }
      Tier tier = objective.choice("displayName", Tier.STANDARD);
      BigDecimal target = share(objective, "target");
      if (objectives.put(tier, target) != null) {
        objective.reject("displayName", "names the tier " + tier.label() + " again");
      }
    }
    if (objectives.size() < Tier.values().length) {
      spec.reject("objectives", "must have one for each tier, named by displayName");
    }
    return objectives;
  }

  /** A slice is good or bad as a whole. */
  private static void slice(Section objective) {
    must(objective, "op", "gte");
    must(objective, "value", "1");
    must(objective, "timeSliceTarget", "1");
    must(objective, "timeSliceWindow", "15s");
  }

  private static BigDecimal share(Section section, String key) {
    return section.decimal(key, BigDecimal.ZERO, BigDecimal.ONE);
  }

  private static List<String> words(Section section, String key) {
    return section.optionalText(key).map(text -> Arrays.asList(text.split(" +"))).orElse(List.of());
  }

  private static void must(Section section, String key, String value) {
    String text = section.text(key);
    if (!text.isEmpty() && !text.equals(value)) {
      section.reject(key, "must be " + value + ", not " + text);
    }
  }
}
