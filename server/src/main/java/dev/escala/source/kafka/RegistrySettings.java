package dev.escala.source.kafka;

import dev.escala.config.Section;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where schemas are asked for, by the API of Confluent's Schema Registry.
 *
 * @param address with the path behind which {@code /schemas} stands, without a slash at its end
 * @param login null where the registry wants none
 */
public record RegistrySettings(URI address, @Nullable Login login) {
  private static final String EXAMPLE = "https://registry:8081";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  /** A name and a password, which is never printed. */
  public record Login(String username, String password) {
    @Override
    public String toString() {
      return "Login[" + username + "]";
    }
  }

  /** Empty where there is no address. */
  static Optional<RegistrySettings> read(Section section) {
    Optional<URI> address = section.address("url", EXAMPLE);
    Optional<String> username = section.optionalText("username");
    Optional<String> password = section.optionalText("password");
    if (username.isPresent() != password.isPresent()) {
      section.reject("username", "and password belong together");
    }
    if (address.isEmpty()) {
      if (username.isPresent() && !section.has("url")) {
        section.reject("url", "is missing");
      }
      return Optional.empty();
    }
    URI url = address.get();
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      section.reject("url", "has a host and a path alone; username and password stand beside it");
    }
    if (username.isPresent() && !"https".equals(url.getScheme()) && !isThisMachine(url)) {
      section.reject("url", "must be https where there is a password, which it hides");
    }
    return Optional.of(
        new RegistrySettings(
            URI.create(url.toString().replaceFirst("/+$", "")),
            username.map(name -> new Login(name, password.orElse(""))).orElse(null)));
  }

  private static boolean isThisMachine(URI url) {
    return THIS_MACHINE.contains(url.getHost());
  }
}
