package dev.escala.embedded;

import dev.escala.app.CommandFailed;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;

/** The demo with a part of its data, for tests of other rooms. */
public final class LoadedDemo implements AutoCloseable {
  private final Demo demo;

  private LoadedDemo(Demo demo) {
    this.demo = demo;
  }

  /** Starts on free ports; at most so many records of each topic. */
  public static LoadedDemo start(int sample) throws CommandFailed, InterruptedException {
    Demo demo = Demo.start(0, Optional.empty());
    var _ = new DemoData(demo, sample, false).load();
    return new LoadedDemo(demo);
  }

  /** Without a slash at its end. */
  public URI url() {
    return demo.url();
  }

  /** As the login that owns the tables. */
  public Connection connect() throws SQLException {
    URI url = URI.create(demo.database().url());
    String[] login = url.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d%s".formatted(url.getHost(), url.getPort(), url.getPath()),
        login[0],
        login[1]);
  }

  @Override
  public void close() {
    demo.close();
  }
}
