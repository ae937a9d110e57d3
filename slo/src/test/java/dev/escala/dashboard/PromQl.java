package dev.escala.dashboard;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of PromQL as the rules about dashboards look at. */
public record PromQl(String text) {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String MATCHERS = "\\{(?:[^\"}]|\"[^\"]*\")*\\}";
  private static final Pattern LABEL_LIST =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern RANGE =
      Pattern.compile("\\[[^\\]]*\\]|\\boffset\\s+\\w+|@ end\\(\\)");
  private static final Pattern SELECTOR =
      Pattern.compile("\\b(" + NAME + ")\\b(?!\\s*\\()\\s*(" + MATCHERS + ")?");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "by", "on", "group_left", "group_right");

  /** A metric and what is asked of its labels. */
  public record Selector(String metric, String matchers) {
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=|!)=?~?\\s*\"[^\"]*\"");

    Set<String> labels() {
      return LABEL.matcher(matchers).results().map(m -> m.group(1)).collect(Collectors.toSet());
    }
  }

  public List<Selector> selectors() {
    // Matchers hold brackets inside of strings, so they are set aside while ranges are removed.
    List<String> matchers =
        Pattern.compile(MATCHERS).matcher(text).results().map(m -> m.group()).toList();
    String bare = text.replaceAll(MATCHERS, "{}").replaceAll("\"[^\"]*\"", "\"\"");
    bare = RANGE.matcher(LABEL_LIST.matcher(bare).replaceAll(" ")).replaceAll("");
    return selectors(bare, matchers);
  }

  private static List<Selector> selectors(String bare, List<String> matchers) {
    int[] next = {0};
    return SELECTOR
        .matcher(bare)
        .results()
        .filter(m -> !WORDS.contains(m.group(1)))
        .map(m -> new Selector(m.group(1), m.group(2) == null ? "" : matchers.get(next[0]++)))
        .toList();
  }

  /** What stands between the brackets of each call of this function. */
  List<String> argumentsOf(String function) {
    return Pattern.compile("\\b" + function + "\\s*\\(")
        .matcher(text)
        .results()
        .map(call -> upToClosing(call.end()))
        .toList();
  }

  private String upToClosing(int from) {
    int depth = 1;
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      if (!quoted) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      }
      if (depth == 0) {
        return text.substring(from, i).strip();
      }
    }
    throw new AssertionError("brackets do not match: " + text);
  }

  boolean matches(String regex) {
    return Pattern.compile(regex).matcher(text).find();
  }

  /** The windows of this function, such as {@code $__rate_interval}. */
  List<String> windowsOf(String function) {
    return argumentsOf(function).stream()
        .map(
            argument -> Pattern.compile("\\[([^\\[\\]\"]*)\\](?: @ end\\(\\))?$").matcher(argument))
        .filter(Matcher::find)
        .map(window -> window.group(1))
        .toList();
  }
}
