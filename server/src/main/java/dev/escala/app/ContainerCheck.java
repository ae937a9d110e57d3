package dev.escala.app;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;

/**
 * The health check of the container, whose image has no shell and no curl: ends with 0 if the
 * process answers {@code /live} on the admin port within two seconds, else with 1. A class of its
 * own, so that a check loads nothing of the server.
 */
public final class ContainerCheck {
  private static final int LIMIT_MILLIS = 2_000;
  private static final String ADMIN_PORT = "8081";
  private static final int OK = 200;

  private ContainerCheck() {}

  public static void main(String[] arguments) {
    System.exit(alive(System.getenv()) ? 0 : CommandFailed.EXIT_CODE);
  }

  static boolean alive(Map<String, String> environment) {
    String port = environment.getOrDefault("ESCALA_ADMIN_PORT", ADMIN_PORT);
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/live").toURL().openConnection();
      connection.setConnectTimeout(LIMIT_MILLIS);
      connection.setReadTimeout(LIMIT_MILLIS);
      return connection.getResponseCode() == OK;
    } catch (IOException noAnswer) {
      return false;
    }
  }
}
