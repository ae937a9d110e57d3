package dev.escala.http.connection;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** How much of one thing clients take: all together, and each of them. Of all threads. */
public final class Share {
  private final long mostOfAll;
  private final long mostOfEach;
  private final AtomicLong all = new AtomicLong();

  /** Of those who take something now. */
  private final ConcurrentMap<Client, Long> each = new ConcurrentHashMap<>();

  /** Neither for all nor for each is it a limit to what goes alone. */
  public Share(long mostOfAll, long mostOfEach) {
    this.mostOfAll = mostOfAll;
    this.mostOfEach = mostOfEach;
  }

  /** Takes, unless the client or all together have enough. */
  public boolean take(Client client, long amount) {
    return take(client, amount, mostOfEach);
  }

  /** The same for who may have all that there is. */
  boolean takeOfAll(Client client, long amount) {
    return take(client, amount, mostOfAll);
  }

  private boolean take(Client client, long amount, long mostOfClient) {
    return grow(client, 0, amount, mostOfClient);
  }

  /** Takes more for one thing that grows; what it is by now may go alone as well. */
  public boolean grow(Client client, long before, long more) {
    return grow(client, before, more, mostOfEach);
  }

  private boolean grow(Client client, long before, long more, long mostOfClient) {
    long ofClient = each.merge(client, more, Long::sum);
    long ofAll = all.addAndGet(more);
    long whole = before + more;
    boolean fits =
        (ofClient <= mostOfClient || ofClient == whole) && (ofAll <= mostOfAll || ofAll == whole);
    if (!fits) {
      give(client, more);
    }
    return fits;
  }

  /** Takes in any case, for what is here already. */
  void hold(Client client, long amount) {
    each.merge(client, amount, Long::sum);
    all.addAndGet(amount);
  }

  boolean isExceeded() {
    return all.get() > mostOfAll;
  }

  boolean isExceededBy(Client client) {
    return each.getOrDefault(client, 0L) > mostOfEach;
  }

  /** Gives back what was taken. */
  public void give(Client client, long amount) {
    each.computeIfPresent(client, (same, taken) -> taken == amount ? null : taken - amount);
    all.addAndGet(-amount);
  }
}
