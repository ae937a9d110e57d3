package dev.escala.http.connection;

import dev.escala.observe.Observation.ConnectionCut;
import dev.escala.observe.Observer;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The clients of one listener, and what they take together. Of all threads. */
final class Clients {
  private final ConnectionSettings settings;
  private final Observer observer;
  private final Map<Resource, Share> shares = new EnumMap<>(Resource.class);
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();

  Clients(ConnectionSettings settings, Observer observer) {
    this.settings = settings;
    this.observer = observer;
    settings
        .limits()
        .forEach((resource, limit) -> shares.put(resource, new Share(limit.all(), limit.each())));
  }

  ConnectionSettings settings() {
    return settings;
  }

  Share share(Resource resource) {
    Share share = shares.get(resource);
    if (share == null) {
      throw new IllegalStateException("no share of " + resource);
    }
    return share;
  }

  /** Admits a connection, unless there are enough of them; a proxy may have all. */
  Optional<ClientConnection> connect(InetAddress peer) {
    Client client = Client.at(peer);
    Share share = share(Resource.CONNECTIONS);
    boolean isProxy = settings.proxies().trusts(peer);
    if (!(isProxy ? share.takeOfAll(client, 1) : share.take(client, 1))) {
      cut(CutReason.CONNECTIONS);
      return Optional.empty();
    }
    ClientConnection connection = new ClientConnection(this, client, peer);
    connections.add(connection);
    return Optional.of(connection);
  }

  void disconnected(ClientConnection connection) {
    if (connections.remove(connection)) {
      share(Resource.CONNECTIONS).give(connection.client(), 1);
    }
  }

  /** As long as heads take too much, the one that waits longest for its end goes. */
  void relieveOfHeads(Client client) {
    Share heads = share(Resource.HEADS);
    boolean cut = true;
    while (cut && heads.isExceededBy(client)) {
      cut = cutOldestHead(client::equals);
    }
    while (cut && heads.isExceeded()) {
      cut = cutOldestHead(any -> true);
    }
  }

  /** Returns whether there was one; another thread may have cut the same, for a head of its own. */
  private boolean cutOldestHead(Predicate<Client> of) {
    long now = System.nanoTime();
    Optional<ClientConnection> oldest =
        connections.stream()
            .filter(connection -> connection.headSinceNanos() != ClientConnection.NEVER)
            .filter(connection -> of.test(connection.client()))
            .max(Comparator.comparingLong(connection -> now - connection.headSinceNanos()));
    oldest.ifPresent(connection -> connection.cut(CutReason.HALF_REQUEST));
    return oldest.isPresent();
  }

  /** Cuts all who have answers to take and took nothing of them for a while. */
  void cutStalled() {
    long since = System.nanoTime() - settings.stall().toNanos();
    for (ClientConnection connection : connections) {
      long stalled = connection.stalledSinceNanos();
      if (stalled != ClientConnection.NEVER && stalled - since < 0) {
        connection.cut(CutReason.UNREAD_ANSWER);
      }
    }
  }

  void cut(CutReason reason) {
    observer.observed(new ConnectionCut(reason.label()));
  }
}
