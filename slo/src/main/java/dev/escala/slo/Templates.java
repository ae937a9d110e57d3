package dev.escala.slo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Files as they are read by who they are for, in real time, with a few words in braces: what does
 * not depend on the SLO files. They stand among the resources.
 *
 * <p>In a rule, {@code runbook_url} is the page of {@code docs/runbooks}, {@code dashboard_url} the
 * uid of a dashboard, and <code>{S}</code> names the system of an alert; an interval {@code <5m>}
 * is as long as the window of that name.
 */
final class Templates {
  private static final String SYSTEM =
      "{{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }})";
  private static final String NAME_OF_SYSTEM = "{{ $labels.system }}";
  private static final Pattern DURATION = Pattern.compile("<(\\d+[smhd])>");

  private final SloBook book;
  private final Presentation presentation;

  Templates(SloBook book, Presentation presentation) {
    this.book = book;
    this.presentation = presentation;
  }

  /** The text of the file, with waiting times such as {@code <30s>} in the time scale. */
  String text(String name) {
    return DURATION
        .matcher(resource(name))
        .replaceAll(found -> waiting(found.group(1)))
        .replace("{SCRAPE}", Timescale.text(presentation.timescale().scrape()));
  }

  private static String resource(String name) {
    try (InputStream stream = Templates.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private String waiting(String real) {
    return Timescale.text(presentation.timescale().wait(Timescale.duration(real)));
  }

  /** The rule file, complete. */
  JsonNode rules(String name) {
    JsonNode file = ReadableYaml.read(resource("rules/" + name + ".yml"));
    for (JsonNode group : file.get("groups")) {
      ((ObjectNode) group).put("interval", interval(group.get("interval").asString()));
      group.get("rules").forEach(rule -> complete((ObjectNode) rule));
    }
    return file;
  }

  private String interval(String real) {
    if (real.startsWith("<")) {
      Duration window = Timescale.duration(real.substring(1, real.length() - 1));
      return Timescale.text(presentation.timescale().window(window));
    }
    return waiting(real);
  }

  private void complete(ObjectNode rule) {
    String expression = rule.get("expr").asString().replace("{PAGING}", pagingOnly());
    rule.put("expr", new Expressions(presentation.timescale()).of(expression));
    for (String duration : List.of("for", "keep_firing_for")) {
      if (rule.has(duration)) {
        rule.put(duration, waiting(rule.get(duration).asString()));
      }
    }
    if (rule.has("alert")) {
      annotate(rule.get("alert").asString(), (ObjectNode) rule.get("annotations"));
    }
  }

  private void annotate(String alert, ObjectNode annotations) {
    String description = annotations.get("description").asString().replace("{S}", SYSTEM);
    annotations.put("description", description);
    annotations.put(
        "runbook_url",
        "%sdocs/runbooks/%s.md#%s"
            .formatted(
                presentation.runbooks(),
                annotations.get("runbook_url").asString(),
                alert.toLowerCase(Locale.ROOT)));
    annotations.put(
        "dashboard_url",
        presentation.dashboards()
            + "d/"
            + annotations.get("dashboard_url").asString()
            + (description.contains(NAME_OF_SYSTEM) ? "?var-system=" + NAME_OF_SYSTEM : ""));
  }

  /** Selects the SLOs whose budget calls somebody. */
  private String pagingOnly() {
    String others =
        book.slos().stream()
            .filter(slo -> !slo.pages())
            .map(Slo::label)
            .collect(Collectors.joining("|"));
    return others.isEmpty() ? "" : "{slo!~\"" + others + "\"}";
  }
}
