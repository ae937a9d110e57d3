package dev.escala.console;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page, and what it may do.
 *
 * @param policy a content security policy: what comes from here, and of scripts in the page the
 *     import map alone, which browsers take only there, by its hash
 */
record ConsolePage(ConsoleFile file, String policy) {
  private static final String VERSION = "@version@";
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  /** Of the text in which the version has its place. */
  static ConsolePage of(String text, String version) {
    String page = text.replace(VERSION, version);
    Matcher map = IMPORT_MAP.matcher(page);
    if (!map.find()) {
      throw new IllegalStateException("the page of the console has no import map");
    }
    byte[] hash = Sha256.of(map.group(1).getBytes(StandardCharsets.UTF_8));
    return new ConsolePage(
        new ConsoleFile("index.html", page.getBytes(StandardCharsets.UTF_8)),
        policy(Base64.getEncoder().encodeToString(hash)));
  }

  private static String policy(String hash) {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src 'self' 'sha256-" + hash + "'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html");
  }
}
