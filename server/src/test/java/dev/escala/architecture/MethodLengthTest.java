package dev.escala.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Methods stay short: nine of ten have at most fifteen lines between their braces. */
class MethodLengthTest {
  private static final int NINE_OF_TEN = 15;

  /** The lines between the braces of each method, sorted. */
  private static List<Integer> lengths(Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Integer> lengths = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> paths = Files.walk(folder)) {
      List<Path> sources = paths.filter(path -> path.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree source : task.parse()) {
        new Methods(source, positions, lengths).scan(source, null);
      }
    }
    return lengths.stream().sorted().toList();
  }

  private static final class Methods extends TreeScanner<Void, Void> {
    private final CompilationUnitTree source;
    private final SourcePositions positions;
    private final List<Integer> lengths;

    Methods(CompilationUnitTree source, SourcePositions positions, List<Integer> lengths) {
      this.source = source;
      this.positions = positions;
      this.lengths = lengths;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      if (method.getBody() != null) {
        LineMap lines = source.getLineMap();
        long first = lines.getLineNumber(positions.getStartPosition(source, method.getBody()));
        long last = lines.getLineNumber(positions.getEndPosition(source, method.getBody()));
        lengths.add((int) Math.max(0, last - first - 1));
      }
      return super.visitMethod(method, null);
    }
  }

  private static int nineOfTen(List<Integer> lengths) {
    return lengths.get(lengths.size() * 9 / 10);
  }

  @Test
  void nineOfTenMethodsAreShort() throws IOException {
    List<Integer> lengths = lengths(Path.of("src/main/java"));
    assertThat(lengths.size()).as("methods seen, of some 1,500").isGreaterThan(1_200);
    assertThat(nineOfTen(lengths)).isLessThanOrEqualTo(NINE_OF_TEN);
  }

  @Test
  void aLongMethodIsSeenAsLong() throws IOException {
    Path folder = Path.of("src/test/java/dev/escala/architecture/planted");
    assertThat(lengths(folder)).last().isEqualTo(NINE_OF_TEN + 1);
  }
}
