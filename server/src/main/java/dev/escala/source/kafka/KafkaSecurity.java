package dev.escala.source.kafka;

import dev.escala.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * How the brokers are reached, and who they are told is there.
 *
 * @param tls whether connections are encrypted, and the brokers' certificates and names checked
 * @param authority certificates in PEM that the brokers' are signed by; null: those of the JVM
 * @param certificate the client's own in PEM, with its chain; null without one
 * @param key the private key of that, PKCS 8 in PEM
 * @param login null where the brokers want none
 */
public record KafkaSecurity(
    boolean tls,
    @Nullable String authority,
    @Nullable String certificate,
    @Nullable String key,
    @Nullable Login login) {
  public static final KafkaSecurity NONE = new KafkaSecurity(false, null, null, null, null);

  /** How a password is shown. */
  public enum Mechanism {
    /** In clear text; only with TLS. */
    PLAIN("PLAIN", "plain.PlainLoginModule"),
    SCRAM_SHA_256("SCRAM-SHA-256", "scram.ScramLoginModule"),
    SCRAM_SHA_512("SCRAM-SHA-512", "scram.ScramLoginModule");

    private final String name;
    private final String module;

    Mechanism(String name, String module) {
      this.name = name;
      this.module = "org.apache.kafka.common.security." + module;
    }
  }

  /** A name and a password, which is never printed. */
  public record Login(Mechanism mechanism, String username, String password) {
    @Override
    public String toString() {
      return "Login[" + mechanism + ", " + username + "]";
    }

    private String jaas() {
      return "%s required username=\"%s\" password=\"%s\";"
          .formatted(mechanism.module, quoted(username), quoted(password));
    }

    private static String quoted(String text) {
      return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
  }

  static KafkaSecurity read(Section section) {
    boolean tls = section.flag("tls", false);
    String authority = file(section, "ca");
    String certificate = file(section, "certificate");
    String key = file(section, "key");
    if (!tls && (authority != null || certificate != null)) {
      section.reject("tls", "must be true where there are certificates");
    }
    if ((certificate == null) != (key == null)) {
      section.reject("key", "and certificate belong together");
    }
    return new KafkaSecurity(tls, authority, certificate, key, login(section.section("sasl"), tls));
  }

  private static @Nullable Login login(Section sasl, boolean tls) {
    Mechanism mechanism = sasl.choice("mechanism", Mechanism.SCRAM_SHA_512);
    if (sasl.optionalText("username").isEmpty() && sasl.optionalText("password").isEmpty()) {
      return null;
    }
    if (mechanism == Mechanism.PLAIN && !tls) {
      sasl.reject("mechanism", "must not be plain without tls: true, which hides the password");
    }
    return new Login(mechanism, sasl.text("username"), sasl.text("password"));
  }

  private static @Nullable String file(Section section, String key) {
    Optional<Path> file = section.file(key);
    try {
      return file.isEmpty() ? null : Files.readString(file.get());
    } catch (IOException unreadable) {
      section.reject(key, "cannot be read: " + file.get());
      return null;
    }
  }

  /** As Kafka's client wants it. */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol());
    if (authority != null) {
      properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      properties.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, new Password(authority));
    }
    if (certificate != null && key != null) {
      properties.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
      properties.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, new Password(certificate));
      properties.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, new Password(key));
    }
    if (login != null) {
      properties.put(SaslConfigs.SASL_MECHANISM, login.mechanism().name);
      properties.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(login.jaas()));
    }
    return properties;
  }

  private String protocol() {
    return (login == null ? "" : "SASL_") + (tls ? "SSL" : "PLAINTEXT");
  }

  /** Says what there is; never a key or a password. */
  @Override
  public String toString() {
    return "KafkaSecurity[" + protocol() + "]";
  }
}
