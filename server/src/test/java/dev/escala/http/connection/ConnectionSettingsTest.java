package dev.escala.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.http.connection.ConnectionSettings.Limit;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionSettingsTest {

  private static ConnectionSettings read(String http) throws ConfigurationException {
    return ConfigurationFile.read(
        "escala.yaml",
        "http: " + http,
        name -> null,
        root -> ConnectionSettings.read(root.section("http")));
  }

  @Test
  void whatIsConfiguredHolds() throws ConfigurationException {
    ConnectionSettings settings =
        read(
            "{connections: 100, connections-per-client: 7, head-time: 3s, trusted-proxies:"
                + " [10.0.0.0/8, '::1']}");
    assertThat(settings.limits()).containsEntry(Resource.CONNECTIONS, new Limit(100, 7));
    assertThat(settings.headTime()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.proxies().trusts(InetAddress.ofLiteral("10.9.8.7"))).isTrue();
    assertThat(settings.proxies().trusts(InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(settings.proxies().trusts(InetAddress.ofLiteral("11.0.0.1"))).isFalse();
  }

  @Test
  void nobodyIsTrustedAndHalfIsEnoughWhereNothingIsConfigured() throws ConfigurationException {
    assertThat(read("{}")).isEqualTo(ConnectionSettings.standard());
    assertThat(read("{connections: 10}").limits())
        .containsEntry(Resource.CONNECTIONS, new Limit(10, 5));
  }

  @Test
  void whatIsNoNetworkIsAnErrorOfTheFile() {
    assertThatThrownBy(() -> read("{trusted-proxies: [everybody]}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("trusted-proxies")
        .hasMessageContaining("everybody");
  }
}
