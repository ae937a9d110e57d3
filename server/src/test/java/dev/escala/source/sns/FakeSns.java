package dev.escala.source.sns;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.json.JsonMapper;

/**
 * An SNS that signs what it pushes with a key of its own, offers the certificate of it to whom the
 * test gives it, and has the API that confirms subscriptions.
 */
public final class FakeSns implements AutoCloseable {
  public static final String ARN = "arn:aws:sns:eu-west-1:123456789012:departures";
  public static final String CERTIFICATE_AT =
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";

  static final Authority ROOT = Authority.root("Root of the tests");
  static final KeyPair KEYS = Authority.newKeys(2048);
  private static final String CONFIRMED =
      """
      <ConfirmSubscriptionResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
      <ConfirmSubscriptionResult><SubscriptionArn>_ARN_:1</SubscriptionArn></ConfirmSubscriptionResult>
      <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ConfirmSubscriptionResponse>
      """;
  private static final String REFUSED =
      """
      <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
      <Code>AuthorizationError</Code><Message>not authorized</Message></Error></ErrorResponse>
      """;

  private final Map<URI, byte[]> files = new ConcurrentHashMap<>();

  /** What was fetched, in order. */
  public final List<URI> fetched = new CopyOnWriteArrayList<>();

  /** The forms that the API got, in order. */
  public final List<Map<String, String>> called = new CopyOnWriteArrayList<>();

  private final HttpServer api;
  private volatile boolean refusing;
  private volatile boolean away;

  /** With a good certificate in its place. */
  public FakeSns() {
    put(CERTIFICATE_AT, certificate(Authority.Subject.of("sns.amazonaws.com")));
    try {
      api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    api.createContext("/", this::handle);
    api.start();
  }

  /** Where its API answers. */
  public URI endpoint() {
    return URI.create("http://localhost:" + api.getAddress().getPort());
  }

  /** From now on the API confirms nothing, or does again. */
  public void refuse(boolean refuses) {
    refusing = refuses;
  }

  /** From now on nobody gets a certificate, nor learns that there is none. */
  public void goAway() {
    away = true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> form = new LinkedHashMap<>();
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      for (String pair : text.split("&", -1)) {
        String[] both = pair.split("=", 2);
        form.put(both[0], URLDecoder.decode(both[1], StandardCharsets.UTF_8));
      }
      called.add(form);
      byte[] answer = (refusing ? REFUSED : CONFIRMED).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/xml");
      exchange.sendResponseHeaders(refusing ? 403 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  /** The file of a certificate for the key that signs, issued by the root. */
  static byte[] certificate(Authority.Subject subject) {
    return Authority.pem(ROOT.issue(subject, KEYS.getPublic()));
  }

  /** A file that is there from now on. */
  void put(String address, byte[] file) {
    files.put(URI.create(address), file);
  }

  byte[] fetch(URI address) throws IOException {
    fetched.add(address);
    if (away) {
      throw new IOException("away");
    }
    byte[] file = files.get(address);
    if (file == null) {
      throw new Fetcher.NotThere("it was answered with 404");
    }
    return file;
  }

  /** Certificates that are fetched here, and believed as far as the root of the tests is. */
  public SigningCertificates certificates() {
    return certificates(Clock.systemUTC());
  }

  SigningCertificates certificates(Clock clock) {
    return new SigningCertificates(
        this::fetch, Set.of(ROOT.asRoot()), clock, new FetchBudget(System::nanoTime));
  }

  /** A notification of now, not signed yet. */
  public static Posted notification(String message) {
    return new Posted(common("Notification", message));
  }

  /** A confirmation of now, not signed yet. */
  public static Posted confirmation(String type) {
    Map<String, String> members = common(type, "You have chosen to subscribe.\nVisit the URL.");
    members.put("Token", "token-1");
    members.put("SubscribeURL", "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription");
    return new Posted(members);
  }

  private static Map<String, String> common(String type, String message) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("Type", type);
    members.put("MessageId", UUID.randomUUID().toString());
    members.put("TopicArn", ARN);
    members.put("Message", message);
    members.put("Timestamp", Instant.now().toString());
    members.put("SignatureVersion", "2");
    members.put("SigningCertURL", CERTIFICATE_AT);
    return members;
  }

  /** What is posted. */
  public record Posted(Map<String, String> members) {
    public Posted {
      members = new LinkedHashMap<>(members);
    }

    /** The same with another text. */
    public Posted with(String name, String text) {
      Map<String, String> others = new LinkedHashMap<>(members);
      others.put(name, text);
      return new Posted(others);
    }

    Posted without(String name) {
      Map<String, String> others = new LinkedHashMap<>(members);
      others.remove(name);
      return new Posted(others);
    }

    public String text(String name) {
      return members.getOrDefault(name, "");
    }

    /** Signed by the key of SNS, over what AWS documents. */
    public Posted signed() {
      return signed(KEYS);
    }

    Posted signed(KeyPair keys) {
      List<String> names =
          text("Type").equals("Notification")
              ? List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
              : List.of(
                  "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
      StringBuilder lines = new StringBuilder();
      for (String name : names) {
        if (members.containsKey(name)) {
          lines.append(name).append('\n').append(text(name)).append('\n');
        }
      }
      try {
        Signature signature =
            Signature.getInstance(
                text("SignatureVersion").equals("1") ? "SHA1withRSA" : "SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        return with("Signature", Base64.getEncoder().encodeToString(signature.sign()));
      } catch (GeneralSecurityException impossible) {
        throw new AssertionError(impossible);
      }
    }

    public String body() {
      return JsonMapper.shared().writeValueAsString(members);
    }

    /** Names and values in turns. */
    public String[] headers() {
      return new ArrayList<>(
              List.of(
                  "Content-Type",
                  "text/plain; charset=UTF-8",
                  "x-amz-sns-message-type",
                  text("Type"),
                  "x-amz-sns-message-id",
                  text("MessageId"),
                  "x-amz-sns-topic-arn",
                  text("TopicArn")))
          .toArray(String[]::new);
    }

    PushHead head() {
      return new PushHead(text("Type"), text("MessageId"), text("TopicArn"), null);
    }
  }

  @Override
  public void close() {
    api.stop(0);
  }
}
