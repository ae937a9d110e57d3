package dev.escala.http.connection;

import dev.escala.observe.Observer;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.transport.Transport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * NIO as Vert.x does it, with two differences: each listener counts whom it accepts, and stands
 * first in the pipeline of each connection; and what is written to a connection that the process
 * opened is sent once for each turn of its event loop.
 */
public final class AcceptingTransport implements Transport {
  /** What a decoder may keep of one read beside what is counted. */
  private static final int MOST_BYTES_A_READ = 16 << 10;

  /** Beyond so many what was written is sent, whether more comes or not. */
  private static final int MOST_FLUSHES = 64;

  private static final int FIRST_BYTES = 2 << 10;
  private static final int LEAST_BYTES = 64;

  private final Transport nio = io.vertx.core.transport.Transport.NIO.implementation();
  private final ConnectionSettings settings;
  private final Observer observer;

  private AcceptingTransport(ConnectionSettings settings, Observer observer) {
    this.settings = settings;
    this.observer = observer;
  }

  /** Vert.x whose listeners hold their clients to what these settings say. */
  public static Vertx vertx(VertxOptions options, ConnectionSettings settings, Observer observer) {
    AcceptingTransport transport = new AcceptingTransport(settings, observer);
    return Vertx.builder().with(options).withTransport(transport.named()).build();
  }

  private io.vertx.core.transport.Transport named() {
    return new io.vertx.core.transport.Transport() {
      @Override
      public String name() {
        return "nio";
      }

      @Override
      public boolean available() {
        return true;
      }

      @Override
      public @Nullable Throwable unavailabilityCause() {
        return null;
      }

      @Override
      public Transport implementation() {
        return AcceptingTransport.this;
      }
    };
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return nio.ioHandlerFactory();
  }

  @Override
  public DatagramChannel datagramChannel() {
    return nio.datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface of Vert.x
  public DatagramChannel datagramChannel(io.netty.channel.socket.InternetProtocolFamily family) {
    return nio.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    ChannelFactory<? extends Channel> connecting = nio.channelFactory(domainSocket);
    // What requests of one turn of the event loop ask the database goes out in one write.
    return () -> {
      Channel channel = connecting.newChannel();
      channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_FLUSHES, true));
      return channel;
    };
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return domainSocket ? nio.serverChannelFactory(true) : CountingServerChannel::new;
  }

  /** Counts each connection before it gets an event loop. */
  private final class CountingServerChannel extends NioServerSocketChannel {
    private final Clients clients = new Clients(settings, observer);

    /** Netty accepts one at a time. */
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int read = super.doReadMessages(accepted);
      if (read == 1 && !connects((SocketChannel) accepted.getLast())) {
        ((SocketChannel) accepted.removeLast()).unsafe().closeForcibly();
        return 0;
      }
      return read;
    }

    private boolean connects(SocketChannel channel) {
      // There is no address where the client has gone already.
      Optional<ClientConnection> connection =
          Optional.ofNullable(channel.remoteAddress())
              .flatMap(peer -> clients.connect(peer.getAddress()));
      connection.ifPresent(
          counted -> {
            channel
                .config()
                .setRecvByteBufAllocator(
                    new AdaptiveRecvByteBufAllocator(LEAST_BYTES, FIRST_BYTES, MOST_BYTES_A_READ));
            counted.watch(channel);
          });
      return connection.isPresent();
    }
  }
}
