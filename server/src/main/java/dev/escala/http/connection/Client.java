package dev.escala.http.connection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Who asks.
 *
 * @param address by which a client is told from others: with IPv6 the network of 64 bits, of which
 *     each customer has a whole one
 */
public record Client(InetAddress address) {
  private static final int NETWORK_BYTES = 8;
  private static final int ADDRESS_BYTES = 16;

  /** The client at this address. */
  static Client at(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return new Client(address);
    }
    byte[] network = Arrays.copyOf(address.getAddress(), NETWORK_BYTES);
    try {
      return new Client(InetAddress.getByAddress(Arrays.copyOf(network, ADDRESS_BYTES)));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
