package dev.escala.documents;

import java.util.Map;

/**
 * Line drawings in place of AWS's icons, which draw.io has and this repository may not pass on: own
 * strokes on a square of 24 by 24, by the name that draw.io gives the icon.
 */
final class Glyphs {
  private static final Map<String, String> PATHS =
      Map.ofEntries(
          Map.entry("alarm", "M6 17V11a6 6 0 0 1 12 0v6l2 2H4z M10 21.6h4 M12 2.5V5"),
          Map.entry(
              "application_auto_scaling",
              "M9 9h6v6H9z M12 6V2.5 M12 18v3.5 M6 12H2.5 M18 12h3.5 M10 4.5l2-2 2 2 M10 19.5l2 2"
                  + " 2-2 M4.5 10l-2 2 2 2 M19.5 10l2 2-2 2"),
          Map.entry(
              "application_load_balancer",
              circle(12, 5, 2.8)
                  + "M12 7.8V17 M5 17v-4h14v4 M3 17h4v4H3z M10 17h4v4h-4z M17 17h4v4h-4z"),
          Map.entry(
              "certificate_manager",
              "M11 17H3V4h18v7.5 M6.5 8h11 M6.5 11.5h5"
                  + circle(17, 15.5, 3.2)
                  + "M15 18.2v4.3l2-1.3 2 1.3v-4.3"),
          Map.entry("codepipeline", "M8 7l-5.5 5L8 17 M16 7l5.5 5L16 17 M13.8 4.5l-3.6 15"),
          Map.entry("ecr", "M12 2.5l9 4.5-9 4.5L3 7z M3 12l9 4.5 9-4.5 M3 17l9 4.5 9-4.5"),
          Map.entry("email_notification", "M2.5 5h19v14h-19z M3 6l9 7.5L21 6"),
          Map.entry("endpoints", circle(12, 12, 9.5) + circle(12, 12, 3) + "M2.5 12H9 M15 12h6.5"),
          Map.entry("fargate", "M3 7l9-4.5L21 7v10l-9 4.5L3 17z M3 7l9 4.5L21 7 M12 11.5v10"),
          Map.entry("flow_logs", wave(7) + wave(12) + wave(17)),
          Map.entry(
              "identity_and_access_management",
              "M2.5 5h19v14h-19z"
                  + circle(8.5, 10.5, 2.2)
                  + "M5 16.5c0-2 1.5-3 3.5-3s3.5 1 3.5 3 M15 10h3.5 M15 13.5h3.5"),
          Map.entry(
              "internet_gateway",
              "M2.5 20.5H8V13a4 4 0 0 1 8 0v7.5h5.5 M4.5 17v-4.5a7.5 7.5 0 0 1 15 0V17"),
          Map.entry(
              "key_management_service",
              circle(8, 16, 5) + "M11.6 12.4L20.5 3.5 M16.5 7.5l3.5 3.5 M14 10l2.5 2.5"),
          Map.entry("logs", "M5 2.5h10l4 4v15H5z M15 2.5v4h4 M8.5 11h7 M8.5 14.5h7 M8.5 18h4"),
          Map.entry(
              "managed_service_for_grafana",
              "M4.5 18.5a9.5 9.5 0 1 1 15 0 M13 13.5l3.5-5" + circle(12, 15, 1.8)),
          Map.entry("managed_service_for_prometheus", "M3 3v18h18 M7 16l4-5.5 4 3L20.5 6"),
          Map.entry("nat_gateway", "M3 4h9v16H3z M7.5 12h13.5 M17 8l4 4-4 4"),
          Map.entry(
              "rds",
              "M4 6c0-2 3.6-3.5 8-3.5S20 4 20 6s-3.6 3.5-8 3.5S4 8 4 6z M4 6v12c0 2 3.6 3.5 8"
                  + " 3.5s8-1.5 8-3.5V6 M4 12c0 2 3.6 3.5 8 3.5s8-1.5 8-3.5"),
          Map.entry(
              "role",
              "M2 16.5h20V19H2z M3.5 16.5c0-6 3.8-10 8.5-10s8.5 4 8.5 10 M9.3 7v5 M14.7 7v5"),
          Map.entry("route_53", "M12 2.5v19 M5 4.5h11l3 2.7-3 2.7H5z M19 12.5H8l-3 2.7 3 2.7h11z"),
          Map.entry(
              "s3",
              "M4 6c0-1.8 3.6-3 8-3s8 1.2 8 3-3.6 3-8 3-8-1.2-8-3z M4 6l2 13c.3 1.5 2.8 2.5 6"
                  + " 2.5s5.7-1 6-2.5L20 6"),
          Map.entry(
              "secrets_manager",
              "M4.5 11h15v10h-15z M8 11V7.5a4 4 0 0 1 8 0V11 M8.5 16h.01 M12 16h.01 M15.5 16h.01"),
          Map.entry(
              "sns",
              circle(5, 12, 2.5)
                  + circle(19, 5, 2.2)
                  + circle(19, 12, 2.2)
                  + circle(19, 19, 2.2)
                  + "M7.3 10.9L17 6 M7.5 12h9.3 M7.3 13.1L17 18"),
          Map.entry(
              "sqs", "M4 7.5h4v9H4z M10 7.5h4v9h-4z M16 7.5h4v9h-4z M1.5 3.5h21 M1.5 20.5h21"),
          Map.entry("traditional_server", "M6 2.5h12v19H6z M9 6.5h6 M9 10h6 M12 17.5h.01"),
          Map.entry(
              "users",
              circle(9, 8, 3.5)
                  + "M2 20c0-4 3-6 7-6s7 2 7 6 M16 4.7a3.5 3.5 0 0 1 0 6.6 M18.5 14.8c2.2.9 3.5 2.6"
                  + " 3.5 5.2"),
          Map.entry(
              "waf",
              "M12 2.5l8 3v6c0 5-3.4 8.3-8 10-4.6-1.7-8-5-8-10v-6z M4.2 9.5h15.6 M5.3 15h13.4 M12"
                  + " 2.5v7 M8.5 9.5V15 M15.5 9.5V15 M12 15v6"),
          // Of groups.
          Map.entry(
              "group_aws_cloud",
              "M7 19a4.5 4.5 0 0 1-.6-9 6 6 0 0 1 11.4-.6A4.8 4.8 0 0 1 17.5 19z"),
          Map.entry("group_region", "M6 21.5V3 M6 4h12l-3 4.5 3 4.5H6"),
          Map.entry(
              "group_vpc",
              "M5.5 17a4 4 0 0 1 0-8 6 6 0 0 1 11.5-.5 4.3 4.3 0 0 1 2 .5 M10 14h9v7h-9z M12"
                  + " 14v-1.5a2.5 2.5 0 0 1 5 0V14"));

  private Glyphs() {}

  /**
   * The path of an icon.
   *
   * @param name as draw.io has it, with or without {@code mxgraph.aws4.}
   */
  static String path(String name) {
    String path = PATHS.get(name.replace("mxgraph.aws4.", ""));
    if (path == null) {
      throw new IllegalArgumentException(
          "no glyph for the icon '%s': add one to Glyphs".formatted(name));
    }
    return path;
  }

  private static String circle(double x, double y, double radius) {
    return "M%1$s %2$sa%3$s %3$s 0 1 0 %4$s 0a%3$s %3$s 0 1 0 -%4$s 0 "
        .formatted(x - radius, y, radius, 2 * radius);
  }

  private static String wave(double y) {
    return "M2.5 %sc3-4 6.5-4 9.5 0s6.5 4 9.5 0 ".formatted(y);
  }
}
