package dev.escala.access;

import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.Problem;
import dev.escala.model.Caller;
import dev.escala.model.Rights;
import dev.escala.observe.Observer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests through to their handlers with the name of who asks, or answers them. What is known
 * is passed on at once; signatures are checked, and keys fetched, off the event loops.
 */
public final class Door implements AutoCloseable {
  private static final String BEARER = "bearer";
  private static final String OWN = "escala-itself-";
  private static final int RETRY_SECONDS = 1;

  /** Tokens at once whose signature is being checked. */
  private static final int MOST_CHECKS = 256;

  /** Who may do nothing but ask what there is to ask. */
  private static final Caller NOBODY =
      new Caller(
          Caller.Kind.ANONYMOUS, null, "{}", new Rights(Set.of(), Set.of(), Set.of(), Set.of()));

  private final AuthSettings.Locked settings;
  private final Optional<Tokens> tokens;
  private final Optional<ApiKeys> keys;
  private final RolePath rolePath;
  private final Clock clock;
  private final Semaphore checks = new Semaphore(MOST_CHECKS);
  private final String own = OWN + random();
  private final Caller itself = new Caller(Caller.Kind.KNOWN, null, "{}", Rights.ALL);

  /** Watches the keys from now on, if there are any. */
  public Door(AuthSettings.Locked settings, Optional<ApiKeyStore> keys, Observer observer) {
    this(settings, keys, observer, Clock.systemUTC());
  }

  Door(AuthSettings.Locked settings, Optional<ApiKeyStore> keys, Observer observer, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.keys = keys.map(store -> new ApiKeys(store, observer));
    tokens = settings.jwt().map(jwt -> new Tokens(KeySet.of(jwt, System::nanoTime, observer)));
    rolePath = RolePath.parse(settings.jwt().map(JwtSettings::roleClaim).orElse("$.role"));
  }

  private static String random() {
    byte[] octets = new byte[32];
    new SecureRandom().nextBytes(octets);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  /** What this process shows to itself, where it asks its own API; no other process takes it. */
  public String ownToken() {
    return own;
  }

  /** The same handler behind the lock. */
  public Handler before(Handler handler) {
    return exchange -> admit(exchange, handler);
  }

  private void admit(Exchange exchange, Handler handler) {
    String token = shown(exchange);
    if (isPreflight(exchange)) {
      pass(exchange, handler, NOBODY);
    } else if (token == null) {
      unnamed(exchange, handler, Claims::ofRole, Caller.Validity.ALWAYS);
    } else if (isOwn(token)) {
      pass(exchange, handler, itself);
    } else if (keys.isPresent() && token.startsWith(KeySecret.PREFIX)) {
      keyed(exchange, handler, keys.get(), token);
    } else if (tokens.isEmpty()) {
      refuse(exchange, TokenRefused.noKeysConfigured());
    } else {
      checked(exchange, handler, tokens.get(), token);
    }
  }

  /** What a browser asks before it sends who it is. */
  private static boolean isPreflight(Exchange exchange) {
    return exchange.method().equals("OPTIONS")
        && exchange.header("Access-Control-Request-Method") != null;
  }

  /** A key may stand in a header of its own as well; other clients have other things there. */
  private @Nullable String shown(Exchange exchange) {
    String token = token(exchange.header("Authorization"));
    String key = exchange.header("apikey");
    return token == null && keys.isPresent() && key != null && key.startsWith(KeySecret.PREFIX)
        ? key
        : token;
  }

  private static @Nullable String token(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    String rest = authorization.substring(BEARER.length());
    return rest.isEmpty() || Character.isWhitespace(rest.charAt(0)) ? rest.strip() : null;
  }

  private boolean isOwn(String token) {
    return token.startsWith(OWN)
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), own.getBytes(StandardCharsets.UTF_8));
  }

  private void keyed(Exchange exchange, Handler handler, ApiKeys good, String text) {
    try {
      ApiKey key = good.check(text, clock.instant());
      if (good.isInPace(key)) {
        pass(exchange, handler, caller(key).asLongAs(now -> isGood(good, text, now)));
      } else {
        exchange.refuse(tooOften(key), RETRY_SECONDS);
      }
    } catch (TokenRefused refused) {
      refuse(exchange, refused);
    }
  }

  private static boolean isGood(ApiKeys good, String text, Instant now) {
    try {
      var _ = good.check(text, now);
      return true;
    } catch (TokenRefused refused) {
      return false;
    }
  }

  private static Problem tooOften(ApiKey key) {
    return Problem.of(
        ErrorCode.ESC142,
        "The API key may ask %d times a second".formatted(key.perSecond()),
        "Try again after the seconds that Retry-After says.");
  }

  private static Caller caller(ApiKey key) {
    return new Caller(Caller.Kind.KNOWN, key.role(), Claims.ofKey(key), key.rights());
  }

  private void checked(Exchange exchange, Handler handler, Tokens good, String token) {
    Optional<Claims> known = good.known(token);
    if (known.isPresent()) {
      named(exchange, handler, known.get());
    } else if (checks.tryAcquire()) {
      exchange.hold();
      Thread.ofVirtual().name("check-token").start(() -> check(exchange, handler, good, token));
    } else {
      exchange.refuse(
          Problem.of(
              ErrorCode.ESC005,
              "Too many tokens are being checked",
              "Try again after the seconds that Retry-After says."),
          RETRY_SECONDS);
    }
  }

  private void check(Exchange exchange, Handler handler, Tokens good, String token) {
    Runnable next;
    try {
      Claims claims = good.verified(token);
      next = () -> named(exchange, handler, claims);
    } catch (TokenRefused refused) {
      next = () -> refuse(exchange, refused);
    } catch (RuntimeException failure) {
      next =
          () -> {
            throw failure; // answered as one of any handler is
          };
    } finally {
      checks.release();
    }
    exchange.goOn(next);
  }

  private void named(Exchange exchange, Handler handler, Claims claims) {
    try {
      check(claims, clock.instant());
    } catch (TokenRefused refused) {
      refuse(exchange, refused);
      return;
    }
    Caller.Validity validity = now -> isGood(claims, now);
    Optional<String> role = claims.role(rolePath);
    if (role.isEmpty() || role.equals(settings.anonymous())) {
      unnamed(exchange, handler, claims::json, validity);
    } else {
      Caller known = caller(Caller.Kind.KNOWN, role.get(), claims.json(role.get()));
      pass(exchange, handler, known.asLongAs(validity));
    }
  }

  private void check(Claims claims, Instant now) throws TokenRefused {
    claims.check(now, settings.jwt().flatMap(JwtSettings::audience));
  }

  private boolean isGood(Claims claims, Instant now) {
    try {
      check(claims, now);
      return true;
    } catch (TokenRefused refused) {
      return false;
    }
  }

  /** Who shows nothing, or nothing that names a role. */
  private void unnamed(
      Exchange exchange, Handler handler, ClaimsOfRole claims, Caller.Validity validity) {
    if (settings.anonymous().isEmpty()) {
      Denial.unknown(exchange);
    } else {
      String role = settings.anonymous().get();
      Caller anonymous = caller(Caller.Kind.ANONYMOUS, role, claims.json(role));
      pass(exchange, handler, anonymous.asLongAs(validity));
    }
  }

  private interface ClaimsOfRole {
    String json(String role);
  }

  private Caller caller(Caller.Kind kind, String role, String claims) {
    return new Caller(kind, role, claims, settings.rightsOf(role));
  }

  private static void pass(Exchange exchange, Handler handler, Caller caller) {
    exchange.caller(caller);
    handler.handle(exchange);
  }

  private static void refuse(Exchange exchange, TokenRefused refused) {
    if (refused.isOfToken()) {
      Denial.invalid(exchange, refused.problem());
    } else {
      exchange.problem(refused.problem(), RETRY_SECONDS);
    }
  }

  /** Watches no keys any more. */
  @Override
  public void close() {
    keys.ifPresent(ApiKeys::close);
  }
}
