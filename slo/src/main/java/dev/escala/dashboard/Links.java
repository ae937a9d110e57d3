package dev.escala.dashboard;

import static dev.escala.dashboard.Json.texts;

import dev.escala.slo.Destinations;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;

/**
 * Ways from one dashboard to another, with what is selected, and to what tells the cause.
 *
 * @param runbooks pages below {@code docs/runbooks/}, by alert
 */
record Links(Destinations destinations, Map<String, String> runbooks) {
  private static final String SELECTED =
      "?${datasource:queryparam}&${env:queryparam}&${tier:queryparam}&${region:queryparam}";

  /** From a value to the dashboard of its system, which this macro names. */
  static void addSystem(ArrayNode links, String macro) {
    add(links, "Open the system", address(Uid.SYSTEM) + "&${__url_time_range}&var-system=" + macro);
  }

  /** To a page of the runbooks. */
  void addRunbook(ArrayNode links, String page) {
    add(links, "Runbook", runbook(page));
  }

  private String runbook(String page) {
    String base = destinations.runbooks();
    return base.isEmpty() ? "" : base + "docs/runbooks/" + page;
  }

  /** To what a system, which this macro names, said and did in the time that is shown. */
  void addEvidence(ArrayNode links, String macro) {
    add(links, "Logs", filledIn(destinations.logs(), macro));
    add(links, "Traces", filledIn(destinations.traces(), macro));
  }

  private static String filledIn(String template, String system) {
    return template
        .replace("{system}", system)
        .replace("{from}", "${__from}")
        .replace("{to}", "${__to}");
  }

  private static void add(ArrayNode links, String title, String url) {
    if (!url.isEmpty()) {
      links
          .addObject()
          .put("title", title)
          .put("url", url)
          .put("targetBlank", !url.startsWith("/"));
    }
  }

  private static String address(Uid uid) {
    return "/d/" + uid.text() + SELECTED;
  }

  /** At the top of every dashboard: all others, between those of one system with that system. */
  static ArrayNode toAllBut(Uid here) {
    ArrayNode links = texts();
    for (Uid there : Uid.values()) {
      if (there != here) {
        boolean sameSystem = !here.isOfManySystems() && !there.isOfManySystems();
        links
            .addObject()
            .put("type", "link")
            .put("title", there.title())
            .put("url", address(there) + (sameSystem ? "&${system:queryparam}" : ""))
            .put("includeVars", false)
            .put("keepTime", true)
            .put("targetBlank", false);
      }
    }
    return links;
  }
}
