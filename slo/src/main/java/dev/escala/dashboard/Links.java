package dev.escala.dashboard;

import static dev.escala.dashboard.Json.texts;

import tools.jackson.databind.node.ArrayNode;

/** Ways from one dashboard to another, with what is selected. */
final class Links {
  private static final String SELECTED =
      "?${datasource:queryparam}&${env:queryparam}&${tier:queryparam}&${region:queryparam}";

  private Links() {}

  /** From a value to the dashboard of its system, which this macro names. */
  static ArrayNode toSystem(String macro) {
    ArrayNode links = texts();
    links
        .addObject()
        .put("title", "Open the system")
        .put("url", address(Uid.SYSTEM) + "&${__url_time_range}&var-system=" + macro);
    return links;
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
