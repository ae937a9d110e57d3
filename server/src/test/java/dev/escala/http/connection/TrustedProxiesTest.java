package dev.escala.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static final TrustedProxies PROXIES =
      TrustedProxies.of(List.of("10.0.0.0/16", "192.0.2.7", "fd00::/8"));

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "10.0.0.1, none, 10.0.0.1",
        "10.0.0.1, '203.0.113.9', 203.0.113.9",
        "10.0.0.1, '198.51.100.1, 203.0.113.9', 203.0.113.9",
        "10.0.0.1, '198.51.100.1, 192.0.2.7', 198.51.100.1",
        "fd00::1, '2001:db8::5', 2001:db8::5",
        "10.0.0.1, 'unknown', 10.0.0.1",
        "10.0.0.1, '', 10.0.0.1",
        "10.0.0.1, ',,', 10.0.0.1",
        "10.0.0.1, '203.0.113.9, unknown', 10.0.0.1",
        "10.1.0.1, '203.0.113.9', 10.1.0.1",
        "203.0.113.9, '10.0.0.5', 203.0.113.9",
      })
  void theLastAddressThatIsNoProxyIsTheClient(String peer, String forwardedFor, String client) {
    assertThat(PROXIES.client(InetAddress.ofLiteral(peer), forwardedFor))
        .isEqualTo(InetAddress.ofLiteral(client));
  }

  @Test
  void aChainOfProxiesWithoutEndEnds() {
    String proxies = "10.0.0.2, ".repeat(10_000) + "10.0.0.3";
    assertThat(PROXIES.client(InetAddress.ofLiteral("10.0.0.1"), proxies))
        .isEqualTo(InetAddress.ofLiteral("10.0.0.2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.org", "10.0.0"})
  void whatIsNoNetworkIsRefused(String text) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10.0.0.0/16, not " + text);
  }

  @Test
  void aNetworkOfIpv6IsOneClient() {
    InetAddress one = InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6");
    InetAddress other = InetAddress.ofLiteral("2001:db8:1:2:ffff::1");
    InetAddress elsewhere = InetAddress.ofLiteral("2001:db8:1:3:3:4:5:6");
    assertThat(Client.at(one)).isEqualTo(Client.at(other));
    assertThat(Client.at(one)).isNotEqualTo(Client.at(elsewhere));
  }
}
