package dev.escala.console;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a client would rather have a page than JSON, by its {@code Accept}. */
final class PageWish {
  private static final String HTML = "text/html";
  private static final String JSON = "application/json";

  private PageWish() {}

  /** Who names HTML, as browsers do, and likes JSON no better; never who takes anything. */
  static boolean of(@Nullable String accept) {
    if (accept == null) {
      return false;
    }
    double html = weight(accept, HTML);
    return html > 0 && html >= weight(accept, JSON);
  }

  private static double weight(String accept, String type) {
    for (String range : accept.split(",", -1)) {
      String[] parts = range.toLowerCase(Locale.ROOT).split(";", -1);
      if (parts[0].strip().equals(type)) {
        return weight(parts);
      }
    }
    return 0;
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.matches("q=[01](\\.\\d{0,3})?")) {
        return Double.parseDouble(parameter.substring(2));
      }
    }
    return 1;
  }
}
