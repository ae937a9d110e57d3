package dev.escala.app;

import dev.escala.access.Door;
import dev.escala.http.Router;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observer;
import dev.escala.source.http.SnsApi;
import dev.escala.source.http.TopicsApi;
import dev.escala.source.sns.SigningCertificates;
import dev.escala.source.sns.SnsPush;
import dev.escala.source.sns.SnsPushSettings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What SNS pushes to the topics that the configuration names for it. */
final class SnsPushes implements AutoCloseable {
  private final Map<String, SnsPush> byTopic = new LinkedHashMap<>();
  private final SnsApi api;

  /** The certificates are asked for only where something is pushed. */
  SnsPushes(
      List<SnsPushSettings> settings,
      Supplier<SigningCertificates> certificates,
      TopicsApi.Sources topics,
      Optional<Door> door,
      Observer observer) {
    if (!settings.isEmpty()) {
      SigningCertificates shared = certificates.get();
      for (SnsPushSettings each : settings) {
        byTopic.put(each.topic(), SnsPush.open(each, shared, observer));
      }
    }
    api = new SnsApi(byTopic, topics, door.map(lock -> lock::before), observer);
  }

  /** Adds the route, where there is something to be pushed. */
  void register(Router unlocked) {
    if (!byTopic.isEmpty()) {
      var _ = unlocked.on("POST", "/topics/{topic}/sns", api);
    }
  }

  Collection<? extends HealthProbe> probes() {
    return byTopic.values();
  }

  @Override
  public void close() {
    byTopic.values().forEach(SnsPush::close);
  }
}
