package dev.escala.dashboard;

import static dev.escala.dashboard.Shelf.each;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Rules about dashboards as a whole. */
final class DashboardRules {
  private static final int LONGEST_UID = 40;
  private static final int ON_TIME_RANGE_CHANGE = 2;
  private static final int COLUMNS = 24;
  private static final List<String> VARIABLES =
      List.of("datasource", "env", "tier", "region", "system");
  private static final Pattern LINK = Pattern.compile("\"url\":\"([^\"]*)\"");
  private static final Pattern VARIABLE_IN_LINK =
      Pattern.compile("var-(\\w+)|\\{(\\w+):queryparam");

  static final List<LintRule> ALL =
      List.of(
          ofDashboards("uid", DashboardRules::uid),
          new LintRule("unique uids", DashboardRules::uniqueUids),
          ofDashboards("read only", DashboardRules::readOnly),
          ofDashboards("variables", DashboardRules::variables),
          ofDashboards("data source of variables and annotations", DashboardRules::dataSources),
          ofDashboards("numbers of panels", DashboardRules::panelIds),
          ofDashboards("no overlap", DashboardRules::overlaps),
          ofDashboards("no repetition", DashboardRules::repetition),
          new LintRule("links", DashboardRules::links));

  private DashboardRules() {}

  private interface DashboardCheck {
    void check(JsonNode dashboard, Consumer<String> violation);
  }

  private static LintRule ofDashboards(String name, DashboardCheck check) {
    return new LintRule(
        name,
        (shelf, violation) ->
            shelf
                .dashboards()
                .forEach(
                    dashboard ->
                        check.check(
                            dashboard,
                            text ->
                                violation.accept(dashboard.path("uid").asString() + ": " + text))));
  }

  private static void uid(JsonNode dashboard, Consumer<String> violation) {
    String uid = dashboard.path("uid").asString();
    if (!uid.matches("escala-[a-z]+") || uid.length() > LONGEST_UID) {
      violation.accept("must be escala-…, of at most " + LONGEST_UID + " characters");
    }
  }

  private static void uniqueUids(Shelf shelf, Consumer<String> violation) {
    Set<String> seen = new HashSet<>();
    shelf.dashboards().stream()
        .map(dashboard -> dashboard.path("uid").asString())
        .filter(uid -> !seen.add(uid))
        .forEach(uid -> violation.accept(uid + " occurs twice"));
  }

  private static void readOnly(JsonNode dashboard, Consumer<String> violation) {
    if (dashboard.path("editable").asBoolean(true)) {
      violation.accept("is editable, although the next start overwrites it");
    }
  }

  private static void variables(JsonNode dashboard, Consumer<String> violation) {
    JsonNode list = dashboard.path("templating").path("list");
    List<String> names = each(list).map(variable -> variable.path("name").asString()).toList();
    if (!names.equals(VARIABLES)) {
      violation.accept("has the variables " + names + ", not " + VARIABLES);
    }
    each(list)
        .filter(variable -> variable.path("type").asString().equals("query"))
        .filter(variable -> variable.path("refresh").asInt() != ON_TIME_RANGE_CHANGE)
        .forEach(
            variable ->
                violation.accept(
                    variable.path("name") + " is not read again when the time range changes"));
  }

  private static void dataSources(JsonNode dashboard, Consumer<String> violation) {
    each(dashboard.path("templating").path("list"))
        .filter(variable -> variable.path("type").asString().equals("query"))
        .filter(variable -> !PanelRules.isTemplated(variable))
        .forEach(variable -> violation.accept("variable " + variable.path("name").asString()));
    each(dashboard.path("annotations").path("list"))
        .filter(annotation -> !PanelRules.isTemplated(annotation))
        .forEach(
            annotation -> violation.accept("annotation " + annotation.path("name").asString()));
  }

  private static void panelIds(JsonNode dashboard, Consumer<String> violation) {
    Set<Integer> seen = new HashSet<>();
    each(dashboard.path("panels"))
        .filter(panel -> !seen.add(panel.path("id").asInt()))
        .forEach(panel -> violation.accept("the number " + panel.path("id") + " occurs twice"));
  }

  private static void overlaps(JsonNode dashboard, Consumer<String> violation) {
    Map<String, String> taken = new HashMap<>();
    for (JsonNode panel : dashboard.path("panels")) {
      String title = panel.path("title").asString();
      JsonNode place = panel.path("gridPos");
      int right = place.path("x").asInt() + place.path("w").asInt();
      if (right > COLUMNS || place.path("w").asInt() < 1 || place.path("h").asInt() < 1) {
        violation.accept(title + " is not inside of the grid");
      }
      Set<String> covered = new HashSet<>();
      for (int x = place.path("x").asInt(); x < right; x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          String other = taken.put(x + "," + (y + place.path("y").asInt()), title);
          if (other != null && covered.add(other)) {
            violation.accept(title + " lies over " + other);
          }
        }
      }
    }
  }

  private static void repetition(JsonNode dashboard, Consumer<String> violation) {
    each(dashboard.path("panels"))
        .filter(panel -> !panel.path("repeat").asString("").isEmpty())
        .forEach(
            panel ->
                violation.accept(
                    panel.path("title").asString() + " is repeated: ask once, by system"));
  }

  private static void links(Shelf shelf, Consumer<String> violation) {
    Set<String> uids =
        shelf.dashboards().stream()
            .map(dashboard -> dashboard.path("uid").asString())
            .collect(Collectors.toSet());
    for (JsonNode dashboard : shelf.dashboards()) {
      LINK.matcher(dashboard.toString())
          .results()
          .map(link -> link.group(1))
          .filter(url -> url.startsWith("/"))
          .distinct()
          .forEach(
              url -> {
                if (!uids.contains(url.replaceAll("^/d/|[?].*$", ""))) {
                  violation.accept(dashboard.path("uid").asString() + ": there is no " + url);
                }
                VARIABLE_IN_LINK
                    .matcher(url)
                    .results()
                    .map(DashboardRules::variable)
                    .filter(name -> !VARIABLES.contains(name))
                    .forEach(
                        name ->
                            violation.accept(url + " sets " + name + ", which no dashboard has"));
              });
    }
  }

  private static String variable(MatchResult match) {
    return match.group(1) != null ? match.group(1) : match.group(2);
  }
}
