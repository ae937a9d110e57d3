package dev.escala.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/** From where a browser asks, as it says so itself: no script of a page can change that. */
public final class AskingPage {
  private AskingPage() {}

  /**
   * Whether a page of another site asks. Browsers say so in {@code Sec-Fetch-Site} over TLS and on
   * their own machine; elsewhere the origin of the page is compared with the address that it asks.
   */
  public static boolean isOfOtherSite(Exchange exchange) {
    String site = exchange.header("Sec-Fetch-Site");
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = exchange.header(HttpHeaders.ORIGIN);
    return origin != null && !isAt(origin, exchange.request().authority());
  }

  private static boolean isAt(String origin, @Nullable HostAndPort asked) {
    int host = origin.indexOf("://");
    return asked != null
        && host > 0
        && origin.substring(host + "://".length()).equalsIgnoreCase(asked.toString());
  }
}
