package dev.escala.http.connection;

import dev.escala.config.Heap;
import dev.escala.config.Section;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the clients of one listener may take.
 *
 * @param limits of each resource
 * @param headTime from the first byte of a request to the end of its head
 * @param stall how long nothing of an answer may be taken before it makes room for others
 * @param proxies whose word counts on whom they ask for
 */
public record ConnectionSettings(
    Map<Resource, Limit> limits, Duration headTime, Duration stall, TrustedProxies proxies) {
  private static final int CONNECTIONS = 2_000;
  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final Duration HEAD_TIME = Duration.ofSeconds(10);
  private static final Duration STALL = Duration.ofSeconds(2);

  public ConnectionSettings {
    limits = Map.copyOf(limits);
  }

  /**
   * How much all may take, and how much each of them.
   *
   * @param all what is larger than this may still go alone
   */
  public record Limit(long all, long each) {
    /** Half of it for each: no client alone can take all. */
    public static Limit of(long all) {
      return new Limit(all, Math.max(1, all / 2));
    }
  }

  /** What holds where nothing is configured. */
  public static ConnectionSettings standard() {
    return new ConnectionSettings(
        limits(Limit.of(CONNECTIONS)), HEAD_TIME, STALL, TrustedProxies.NONE);
  }

  /** Reads {@code http} of the configuration. */
  public static ConnectionSettings read(Section section) {
    int all = section.integer("connections", CONNECTIONS, 1, MOST_CONNECTIONS);
    int each = section.integer("connections-per-client", Math.max(1, all / 2), 1, MOST_CONNECTIONS);
    return new ConnectionSettings(
        limits(new Limit(all, each)),
        section.duration("head-time", HEAD_TIME),
        STALL,
        proxies(section));
  }

  private static TrustedProxies proxies(Section section) {
    List<String> networks = section.texts("trusted-proxies");
    try {
      return TrustedProxies.of(networks);
    } catch (IllegalArgumentException malformed) {
      section.reject("trusted-proxies", String.valueOf(malformed.getMessage()));
      return TrustedProxies.NONE;
    }
  }

  private static Map<Resource, Limit> limits(Limit connections) {
    Map<Resource, Limit> limits = new EnumMap<>(Resource.class);
    limits.put(Resource.CONNECTIONS, connections);
    limits.put(Resource.HEADS, Limit.of(Heap.part(32, 16 << 20)));
    limits.put(Resource.SMALL_ANSWERS, Limit.of(Heap.part(32, 16 << 20)));
    limits.put(Resource.ANSWERS, Limit.of(Heap.part(8, 128 << 20)));
    limits.put(Resource.ENCODERS, Limit.of(Heap.part(16, 32 << 20)));
    return limits;
  }

  /** The same with another limit of one resource. */
  public ConnectionSettings with(Resource resource, Limit limit) {
    Map<Resource, Limit> changed = new EnumMap<>(limits);
    changed.put(resource, limit);
    return new ConnectionSettings(changed, headTime, stall, proxies);
  }

  /** The same with other times. */
  public ConnectionSettings within(Duration ofHead, Duration ofStall) {
    return new ConnectionSettings(limits, ofHead, ofStall, proxies);
  }
}
