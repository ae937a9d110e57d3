package dev.escala.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Jwt;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class DoorTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String JWT = "jwt: {secret: '" + SECRET + "'}";

  @Test
  void whoShowsNothingIsAnonymousOrNotLetIn() {
    try (LockedServer server =
        LockedServer.start("{%s, anonymous: {role: visitor}}".formatted(JWT))) {
      assertThat(server.send().body())
          .isEqualTo(
              "{\"kind\":\"ANONYMOUS\",\"role\":\"visitor\",\"claims\":\"{\\\"role\\\":\\\"visitor\\\"}\"}");
    }
    try (LockedServer server = LockedServer.start("{%s}".formatted(JWT))) {
      HttpResponse<String> answer = server.send();
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body())
          .isEqualTo(
              "{\"code\":\"PGRST302\",\"details\":null,\"hint\":null,\"message\":\"Anonymous access"
                  + " is disabled\"}");
      assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }
  }

  @Test
  void aTokenWithoutARoleIsAnonymousWithItsClaims() {
    String token = Jwt.of(SECRET, "{\"sub\":\"ana\"}");
    try (LockedServer server =
        LockedServer.start("{%s, anonymous: {role: visitor}}".formatted(JWT))) {
      assertThat(server.bearer(token).body())
          .contains(
              "ANONYMOUS", "\"visitor\"", "{\\\"sub\\\":\\\"ana\\\",\\\"role\\\":\\\"visitor\\\"}");
    }
    try (LockedServer server = LockedServer.start("{%s}".formatted(JWT))) {
      assertThat(server.bearer(token).body()).contains("PGRST302");
    }
  }

  @Test
  void aBadTokenIsRefusedAlsoWhereNobodyNeedsOne() {
    try (LockedServer server =
        LockedServer.start("{%s, anonymous: {role: visitor}}".formatted(JWT))) {
      assertThat(server.bearer("nonsense").body()).contains("PGRST301");
    }
  }

  @Test
  void withoutAWayToCheckATokenItIsRefused() {
    try (LockedServer server = LockedServer.start("{anonymous: {role: visitor}}")) {
      HttpResponse<String> answer = server.bearer(Jwt.of(SECRET, "{}"));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("PGRST300", "Server lacks JWT secret");
    }
  }

  @Test
  void theRoleStandsWhereTheConfigurationSays() {
    String auth =
        """
        {jwt: {secret: '%s', role-claim: "$.realm.roles[?search(@, '^app_')]"}}\
        """
            .formatted(SECRET);
    try (LockedServer server = LockedServer.start(auth)) {
      String token = Jwt.of(SECRET, "{\"realm\":{\"roles\":[\"offline\",\"app_reader\"]}}");
      assertThat(server.bearer(token).body()).contains("\"role\":\"app_reader\"");
    }
  }

  /** A clock that the test moves. */
  private static final class Hand extends Clock {
    private volatile Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void aTokenThatIsKnownExpiresAllTheSame() {
    Hand clock = new Hand();
    try (LockedServer server = LockedServer.start("{%s}".formatted(JWT), clock)) {
      long exp = clock.now.getEpochSecond() + 60;
      String token = Jwt.of(SECRET, "{\"role\":\"reader\",\"exp\":%d}".formatted(exp));
      assertThat(server.bearer(token).statusCode()).isEqualTo(200);
      assertThat(server.bearer(token).statusCode()).isEqualTo(200);
      clock.now = clock.now.plusSeconds(100);
      HttpResponse<String> answer = server.bearer(token);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("PGRST303", "JWT expired");
    }
  }

  @Test
  void whatABrowserAsksBeforehandNeedsNoToken() {
    try (LockedServer server = LockedServer.start("{%s}".formatted(JWT))) {
      assertThat(server.preflight().body()).contains("ANONYMOUS", "\"role\":\"null\"");
    }
  }

  @Test
  void whoMayNotIsTold() {
    try (LockedServer server =
        LockedServer.start(
            "{%s, anonymous: {role: visitor}, roles: {operator: {may: [admin]}}}".formatted(JWT))) {
      String reader = "Bearer " + Jwt.of(SECRET, "{\"role\":\"reader\"}");
      String operator = "Bearer " + Jwt.of(SECRET, "{\"role\":\"operator\"}");
      HttpResponse<String> denied = server.send("Authorization", reader, "Administer", "yes");
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(denied.body()).contains("ESC140", "may not administer this");
      assertThat(server.send("Administer", "yes").body()).contains("PGRST302");
      assertThat(server.send("Authorization", operator, "Administer", "yes").statusCode())
          .isEqualTo(200);
    }
  }
}
