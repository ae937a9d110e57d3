package dev.escala.http.connection;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The networks of proxies and load balancers whose {@code X-Forwarded-For} is believed: each of
 * them adds the address from which it was asked at the end, so the last one that is no proxy is the
 * client.
 */
public record TrustedProxies(List<Network> networks) {
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  /** Who writes more addresses into a header than this is no chain of proxies. */
  private static final int MOST_HOPS = 16;

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  /** All addresses whose first bits are these. */
  record Network(InetAddress address, int bits) {

    static Network of(String text) {
      int slash = text.indexOf('/');
      String literal = slash < 0 ? text : text.substring(0, slash);
      InetAddress address = InetAddress.ofLiteral(literal);
      if (address instanceof Inet4Address && !address.getHostAddress().equals(literal)) {
        throw new IllegalArgumentException("is short for " + address.getHostAddress());
      }
      int most = address.getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > most) {
        throw new IllegalArgumentException("has %d bits of %d".formatted(bits, most));
      }
      return new Network(address, bits);
    }

    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.getAddress();
      if (mine.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Networks such as {@code 10.0.0.0/16} or {@code fd00::/8}, or single addresses.
   *
   * @throws IllegalArgumentException where one is none
   */
  public static TrustedProxies of(List<String> texts) {
    List<Network> networks = new ArrayList<>();
    for (String text : texts) {
      try {
        networks.add(Network.of(text));
      } catch (IllegalArgumentException malformed) {
        throw new IllegalArgumentException(
            "must name addresses or networks such as 10.0.0.0/16, not " + text, malformed);
      }
    }
    return new TrustedProxies(networks);
  }

  boolean trusts(InetAddress address) {
    for (Network network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The client for whom a connection asks.
   *
   * @param peer at the other end of the connection
   * @param forwardedFor the header, where there is one
   */
  InetAddress client(InetAddress peer, @Nullable String forwardedFor) {
    if (forwardedFor == null || !trusts(peer)) {
      return peer;
    }
    InetAddress client = peer;
    int end = forwardedFor.length();
    for (int hop = 0; hop < MOST_HOPS && end >= 0 && trusts(client); hop++) {
      int comma = forwardedFor.lastIndexOf(',', end - 1);
      InetAddress before = address(forwardedFor.substring(comma + 1, end).strip());
      if (before == null) {
        break;
      }
      client = before;
      end = comma;
    }
    return client;
  }

  private static @Nullable InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
