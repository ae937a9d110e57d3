package dev.escala.archive;

import dev.escala.store.ArchiveStore;
import dev.escala.store.ArchiveStore.Parts;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Ends an archive at random: before a step, after it though nobody hears of it, or within a file.
 */
final class Kills {
  private final Random random;
  private final double odds;
  private final Runnable meanwhile;
  private boolean isOver;

  /** What others do between steps happens as often as a kill. */
  Kills(Random random, double odds, Runnable meanwhile) {
    this.random = random;
    this.odds = odds;
    this.meanwhile = meanwhile;
  }

  /** Like the end of a process it is no exception that anybody handles. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  void stop() {
    isOver = true;
  }

  private synchronized void maybe() {
    if (!isOver && random.nextDouble() < odds) {
      throw new Killed();
    }
  }

  /** What others do stands behind this step alone, once, and nobody is killed. */
  ArchiveStore after(String step, ArchiveStore store) {
    boolean[] isDone = {false};
    return wrapped(
        store,
        parts ->
            proxy(
                (proxy, method, arguments) -> {
                  Object answer = answer(parts, method, arguments);
                  if (method.getName().equals(step) && !isDone[0]) {
                    isDone[0] = true;
                    meanwhile.run();
                  }
                  return answer;
                }));
  }

  ArchiveStore store(ArchiveStore store) {
    return wrapped(store, this::parts);
  }

  private static ArchiveStore wrapped(ArchiveStore store, UnaryOperator<Parts> wrap) {
    return new ArchiveStore() {
      @Override
      public <T> Optional<T> alone(Work<T> work) throws IOException {
        return store.alone(parts -> work.with(wrap.apply(parts)));
      }
    };
  }

  private Parts parts(Parts parts) {
    return proxy(
        (proxy, method, arguments) -> {
          if (!isOver && random.nextDouble() < odds) {
            meanwhile.run();
          }
          maybe();
          Object answer = answer(parts, method, arguments);
          maybe();
          return answer;
        });
  }

  private static Parts proxy(InvocationHandler handler) {
    return (Parts)
        Proxy.newProxyInstance(Kills.class.getClassLoader(), new Class<?>[] {Parts.class}, handler);
  }

  private static Object answer(Parts parts, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(parts, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }

  TableFiles files() {
    return new DyingFiles();
  }

  private final class DyingFiles implements TableFiles {
    private static final long serialVersionUID = 1L;
    private final transient ArchiveFiles files = new ArchiveFiles();

    @Override
    public InputFile newInputFile(String location) {
      maybe();
      return files.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      maybe();
      return new DyingOutput(files.newOutputFile(location));
    }

    @Override
    public void deleteFile(String location) {
      maybe();
      files.deleteFile(location);
    }

    @Override
    public boolean create(String location, byte[] content) {
      maybe();
      boolean isMade = files.create(location, content);
      maybe();
      return isMade;
    }
  }

  private final class DyingOutput implements OutputFile {
    private final OutputFile file;

    DyingOutput(OutputFile file) {
      this.file = file;
    }

    @Override
    public PositionOutputStream create() {
      return new DyingStream(file.create());
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return new DyingStream(file.createOrOverwrite());
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return file.toInputFile();
    }
  }

  private final class DyingStream extends PositionOutputStream {
    private final PositionOutputStream out;

    DyingStream(PositionOutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public void write(int octet) throws IOException {
      out.write(octet);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length / 2);
      maybe();
      out.write(octets, offset + length / 2, length - length / 2);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
