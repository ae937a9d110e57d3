package dev.escala.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, first in its pipeline: counts what waits on it, and reads no more while its
 * client does not take what was written. Of one event loop, but for what is volatile.
 */
public final class ClientConnection extends ChannelDuplexHandler {
  static final long NEVER = Long.MIN_VALUE;

  private static final AttributeKey<ClientConnection> KEY =
      AttributeKey.valueOf(ClientConnection.class, "connection");

  private final Clients clients;
  private final Client client;
  private final InetAddress peer;
  private final boolean isProxy;
  private final HeadWatch watch = new HeadWatch();

  /** What counts of a head whose end has not come; guarded by this. */
  private int headBytes;

  /** Whether it was cut or closed, and nothing counts for it any more; guarded by this. */
  private boolean gone;

  private @Nullable ScheduledFuture<?> deadline;
  private boolean wantsToRead;
  private volatile @Nullable ChannelHandlerContext below;
  private volatile long headSinceNanos = NEVER;
  private int answers;
  private volatile long stalledSinceNanos = NEVER;

  ClientConnection(Clients clients, Client client, InetAddress peer) {
    this.clients = clients;
    this.client = client;
    this.peer = peer;
    this.isProxy = clients.settings().proxies().trusts(peer);
  }

  /** Puts it first into the pipeline of a channel that has none yet. */
  void watch(Channel accepted) {
    accepted.attr(KEY).set(this);
    accepted.pipeline().addFirst(this);
    accepted.closeFuture().addListener(closed -> closed());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    below = context;
  }

  /** Of a channel that was accepted. */
  public static ClientConnection of(Channel channel) {
    ClientConnection connection = channel.attr(KEY).get();
    if (connection == null) {
      throw new IllegalStateException("the channel was not accepted by AcceptingTransport");
    }
    return connection;
  }

  /** Stands behind the decoder of HTTP/1.1, which knows where requests begin and end. */
  public ChannelHandler requestEnds() {
    return watch.requestEnds();
  }

  Client client() {
    return client;
  }

  /**
   * Whom a request comes from.
   *
   * @param forwardedFor gives the header {@code X-Forwarded-For}, or null; asked of proxies alone
   */
  public Client client(Supplier<@Nullable String> forwardedFor) {
    return isProxy
        ? Client.at(clients.settings().proxies().client(peer, forwardedFor.get()))
        : client;
  }

  long headSinceNanos() {
    return headSinceNanos;
  }

  /** Since when nothing was taken of the answers that wait on it; NEVER where none waits. */
  long stalledSinceNanos() {
    return stalledSinceNanos;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    watch.arrived((ByteBuf) message);
    super.channelRead(context, message);
    if (headIs(watch.unfinished())) {
      clients.relieveOfHeads(client);
    }
    boolean waits = headSinceNanos != NEVER;
    if (waits && deadline == null) {
      deadline =
          context
              .executor()
              .schedule(
                  () -> cut(CutReason.SLOW_REQUEST),
                  clients.settings().headTime().toMillis(),
                  TimeUnit.MILLISECONDS);
    } else if (!waits && deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Counts a head by the bytes that wait for its end; returns whether they became more. */
  private synchronized boolean headIs(int unfinished) {
    int more = gone ? 0 : unfinished - headBytes;
    headBytes += more;
    if (headBytes == 0) {
      headSinceNanos = NEVER;
    } else if (headSinceNanos == NEVER) {
      headSinceNanos = System.nanoTime();
    }
    if (more > 0) {
      clients.share(Resource.HEADS).hold(client, more);
    } else if (more < 0) {
      clients.share(Resource.HEADS).give(client, -more);
    }
    return more > 0;
  }

  /** Nothing counts for it any more; returns whether that is new. */
  private synchronized boolean goes() {
    boolean goes = !gone;
    headIs(0);
    gone = true;
    return goes;
  }

  /** Who does not take answers is not asked for more requests. */
  @Override
  public void read(ChannelHandlerContext context) throws Exception {
    if (context.channel().isWritable()) {
      super.read(context);
    } else {
      wantsToRead = true;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    if (wantsToRead && context.channel().isWritable()) {
      wantsToRead = false;
      context.read();
    }
    super.channelWritabilityChanged(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) throws Exception {
    OutOfMemory.endsTheProcess(failure);
    super.exceptionCaught(context, failure);
  }

  /**
   * Takes more room for an answer that is being made; where there is none, those who stall may go.
   */
  public boolean makes(Client of, int before, int more) {
    boolean fits = clients.share(Resource.ANSWERS).grow(of, before, more);
    if (!fits) {
      clients.cutStalled();
    }
    return fits;
  }

  /** What was taken for the making of an answer is free again. */
  public void made(Client of, int bytes) {
    clients.share(Resource.ANSWERS).give(of, bytes);
  }

  /** Takes room for what packs an answer; where there is none, nobody goes for it. */
  public boolean packs(Client of, int bytes) {
    return clients.share(Resource.ENCODERS).take(of, bytes);
  }

  /** Nothing is packed with it any more. */
  public void packed(Client of, int bytes) {
    clients.share(Resource.ENCODERS).give(of, bytes);
  }

  /** Takes room for an answer that is held whole; where there is none, those who stall may go. */
  public boolean holds(Client of, int bytes) {
    boolean fits = clients.share(Resource.ofAnswer(bytes)).take(of, bytes);
    if (!fits) {
      clients.cutStalled();
    } else if (answers++ == 0) {
      stalledSinceNanos = System.nanoTime();
    }
    return fits;
  }

  /** Something of an answer was taken. */
  public void progressed() {
    stalledSinceNanos = System.nanoTime();
  }

  /** An answer was taken, or never will be. */
  public void released(Client of, int bytes) {
    clients.share(Resource.ofAnswer(bytes)).give(of, bytes);
    stalledSinceNanos = --answers == 0 ? NEVER : System.nanoTime();
  }

  /** Cuts it off, unless that was done before; from any thread. What it holds is free at once. */
  void cut(CutReason reason) {
    if (goes()) {
      clients.cut(reason);
      close();
    }
  }

  /** Cuts a client off that takes nothing of its answer. */
  public void cutUnread() {
    cut(CutReason.UNREAD_ANSWER);
  }

  /**
   * Ends it at once: Vert.x, which stands above, would wait until all that was written is taken.
   */
  public void close() {
    ChannelHandlerContext open = below;
    if (open != null) {
      var _ = open.close();
    }
  }

  private void closed() {
    goes();
    if (deadline != null) {
      deadline.cancel(false);
    }
    clients.disconnected(this);
  }
}
